using MeshCanary.Cli.Hosting;
using MeshCanary.Cli.Tests.Harness;

namespace MeshCanary.Cli.Tests.Commands;

public sealed class PlanCommandTests
{
    private static readonly string Example = Path.Combine(AppContext.BaseDirectory, "Examples", "canary.yaml");

    [Fact]
    public async Task Plan_OfAnExample_SaysWhatEveryStepFindsOutAndRecommendsSteps()
    {
        var run = await CommandRun.OfAsync("plan", Example, "--rps", "200", "--p50", "80ms", "--p99", "400ms");
        Assert.Equal((ExitCode.Success, ""), (run.Code, run.Error));
        var text = string.Join(' ', run.Out.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries));
        Assert.Contains("3. In its shortest time: At 50 % of 200 requests/s for 30 s (3,000 canary requests)", text, StringComparison.Ordinal);
        Assert.Contains("(by p99)", text, StringComparison.Ordinal);
        Assert.Contains("- { weight: 50, minDuration:", text, StringComparison.Ordinal);
        Assert.DoesNotContain("Warning", text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Plan_WithoutLatencies_PlansForErrorsAndSaysSo()
    {
        var run = await CommandRun.OfAsync("plan", Example, "--rps", "200", "--error-rate", "1%");
        Assert.Equal(ExitCode.Success, run.Code);
        Assert.Contains("latencies are not known", run.Out, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("'x' is not a rate", "--rps", "x")]
    [InlineData("'0' is not a rate", "--rps", "0")]
    [InlineData("'NaN' is not a rate", "--rps", "NaN")]
    [InlineData("'100%' is not a percentage", "--rps", "10", "--error-rate", "100%")]
    [InlineData("give both or neither", "--rps", "10", "--p50", "80ms")]
    [InlineData("--p99 above it", "--rps", "10", "--p50", "80ms", "--p99", "70ms")]
    [InlineData("--rps", "--error-rate", "1%")]
    public async Task Plan_WithOptionsThatMakeNoSense_IsBadUsage(string says, params string[] options)
    {
        var run = await CommandRun.OfAsync(["plan", Example, .. options]);
        Assert.Equal(ExitCode.BadUsage, run.Code);
        Assert.Contains(says, run.Error, StringComparison.Ordinal);
    }
}
