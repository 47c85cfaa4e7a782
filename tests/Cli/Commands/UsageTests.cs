using MeshCanary.Cli.Hosting;
using MeshCanary.Cli.Tests.Harness;

namespace MeshCanary.Cli.Tests.Commands;

public sealed class UsageTests
{
    [Theory]
    [InlineData(new[] { "nonsense" }, "nonsense")]
    [InlineData(new string[0], "Required command")]
    [InlineData(new[] { "status" }, "Required argument")]
    [InlineData(new[] { "status", "a/b/c" }, "'a/b/c' is not the name of a Canary")]
    [InlineData(new[] { "status", "a", "--timeout", "soon" }, "'soon' is not a duration")]
    [InlineData(new[] { "get", "--server", "ftp://x" }, "'ftp://x' is not an http or https address")]
    [InlineData(new[] { "get", "-o", "xml" }, "'xml' not recognized")]
    [InlineData(new[] { "serve" }, "'--file' is required")]
    [InlineData(new[] { "serve", "-f", "x", "--listen", "8080x" }, "'8080x' is not an address to listen on")]
    [InlineData(new[] { "serve", "-f", "x", "--listen", "127.0.0.1:99999" }, "'127.0.0.1:99999' is not an address to listen on")]
    [InlineData(new[] { "serve", "-f", "x", "--cert", "c.pem" }, "--cert and --key belong together")]
    [InlineData(new[] { "serve", "-f", "x", "--ca", "c.pem" }, "--ca names the authority of --cert")]
    [InlineData(new[] { "proxy", "--controller", "http://h/foo?x" }, "'http://h/foo?x' holds more than scheme, host and port; write http://h.")]
    [InlineData(new[] { "proxy", "--controller", "http://h/#x" }, "write http://h.")]
    [InlineData(new[] { "proxy", "--controller", "http://me@h:1" }, "write http://h:1.")]
    [InlineData(new[] { "proxy", "--controller", "http://h", "--drain-delay", "soon" }, "'soon' is not a duration")]
    [InlineData(new[] { "proxy" }, "'--controller' is required")]
    [InlineData(new[] { "rollout", "a" }, "'--canary' is required")]
    [InlineData(new[] { "demo", "--bad", "everything" }, "'everything' not recognized")]
    [InlineData(new[] { "demo", "--rate", "1" }, "--rate must be 50 to 2000")]
    public async Task CommandLine_NotUnderstood_EndsWithTwoAndSaysWhy(string[] args, string says)
    {
        var run = await CommandRun.OfAsync(args);
        run.ShouldFail(ExitCode.BadUsage, says, "remedy: see 'meshcanary", "--help'");
        Assert.Empty(run.Out);
    }

    [Fact]
    public async Task Rollout_OfABadAddress_IsRefusedBeforeAnythingIsAsked()
    {
        var run = await CommandRun.OfAsync("rollout", "a", "--canary", "127.0.0.1:1", "--revision", "V 2", "--server", "http://127.0.0.1:1");
        run.ShouldFail(ExitCode.BadUsage, "127.0.0.1:1", "V 2", "remedy: correct --canary");
    }

    [Fact]
    public async Task Server_BadVariable_NamesTheVariable()
    {
        var run = await CommandRun.OfAsync(["get"], name => name == "MESHCANARY_SERVER" ? "here" : null, TestContext.Current.CancellationToken);
        run.ShouldFail(ExitCode.BadUsage, "MESHCANARY_SERVER", "'here'");
    }

    [Theory]
    [InlineData("serve")]
    [InlineData("proxy")]
    [InlineData("rollout")]
    [InlineData("status")]
    [InlineData("get")]
    [InlineData("watch")]
    [InlineData("events")]
    [InlineData("pause")]
    [InlineData("resume")]
    [InlineData("approve")]
    [InlineData("reject")]
    [InlineData("abort")]
    [InlineData("retry")]
    [InlineData("promote")]
    [InlineData("skip")]
    [InlineData("jump")]
    [InlineData("restart")]
    [InlineData("lint")]
    [InlineData("record")]
    [InlineData("replay")]
    [InlineData("demo")]
    public async Task Help_OfACommand_NeedsNothingElse(string command)
    {
        var run = await CommandRun.OfAsync(command, "--help");
        Assert.Equal((ExitCode.Success, ""), (run.Code, run.Error));
        Assert.Contains($" {command} ", run.Out, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("status", "4    the rollout waits for a person")]
    [InlineData("replay", "3    at least one verdict differs")]
    [InlineData("demo", "130  interrupted; nothing is left running")]
    public async Task Help_OfACommandForPipelines_ListsExitCodes(string command, string line)
    {
        var run = await CommandRun.OfAsync(command, "--help");
        Assert.Contains(line, run.Out, StringComparison.Ordinal);
    }
}
