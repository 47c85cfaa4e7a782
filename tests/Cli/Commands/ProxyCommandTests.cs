using System.Net;
using System.Net.Sockets;
using MeshCanary.Cli.Hosting;
using MeshCanary.Cli.Tests.Harness;
using MeshCanary.Testing.Files;

namespace MeshCanary.Cli.Tests.Commands;

public sealed class ProxyCommandTests : IDisposable
{
    private const int FailedPrecondition = 9;
    private const int Unauthenticated = 16;

    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Proxy_WithAnOldProtocol_EndsWithBothVersionsAndARemedy()
    {
        await using var controller = await RefusingController.StartAsync(FailedPrecondition, "the proxy speaks protocol version 1, this controller 2");
        var run = await CommandRun.OfAsync(Args(controller.Url));
        run.ShouldFail(ExitCode.Error, "the proxy speaks protocol version 1, this controller 2", "same release", "remedy:");
    }

    [Fact]
    public async Task Proxy_WithAWrongToken_EndsAndNamesTheTokenFile()
    {
        await using var controller = await RefusingController.StartAsync(Unauthenticated, "the token is not the one expected");
        var run = await CommandRun.OfAsync(Args(controller.Url));
        run.ShouldFail(ExitCode.Error, "token file", "remedy:");
    }

    [Fact]
    public async Task Proxy_WhoseControllerIsAway_KeepsTryingAndStopsWithZero()
    {
        await using var proxy = await RunningServer.StartAsync(Args("http://127.0.0.1:1"), "Stop with Ctrl-C.");
        Assert.Equal(ExitCode.Success, await proxy.StopAsync());
    }

    [Theory]
    [InlineData("--listen")]
    [InlineData("--admin")]
    public async Task Proxy_OnABusyPort_NamesTheAddress(string option)
    {
        using var busy = new TcpListener(IPAddress.Loopback, 0);
        busy.Start();
        var args = Args("http://127.0.0.1:1");
        args[Array.IndexOf(args, option) + 1] = busy.LocalEndpoint.ToString()!;
        var run = await CommandRun.OfAsync(args);
        run.ShouldFail(ExitCode.Error, busy.LocalEndpoint.ToString()!);
    }

    [Theory]
    [InlineData("--token-file")]
    [InlineData("--ca")]
    public async Task Proxy_WithAFileThatIsNotThere_NamesIt(string option)
    {
        var file = _folder.PathOf("absent.pem");
        var run = await CommandRun.OfAsync([.. Args("https://127.0.0.1:1"), option, file]);
        run.ShouldFail(ExitCode.Error, file);
    }

    private static string[] Args(string controller) =>
        ["proxy", "--controller", controller, "--listen", "127.0.0.1:0", "--admin", "127.0.0.1:0", "--name", "p1"];
}
