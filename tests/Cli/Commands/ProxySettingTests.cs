using System.Net;
using System.Net.Sockets;
using MeshCanary.Cli.Hosting;
using MeshCanary.Cli.Tests.Harness;
using MeshCanary.Testing.Addresses;
using MeshCanary.Testing.Files;
using MeshCanary.Testing.Waiting;

namespace MeshCanary.Cli.Tests.Commands;

public sealed class ProxySettingTests : IDisposable
{
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(30);

    private readonly TempFolder _folder = new();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("lisen: 127.0.0.1:0", "proxy.yaml:1: lisen", "not a setting")]
    [InlineData("# first\nlisten_tls: 127.0.0.1:0", "proxy.yaml:2: listen_tls", "'listen-tls'")]
    [InlineData("max-request-body: 10 apples", "proxy.yaml:1: max-request-body", "10 apples")]
    [InlineData("keep-alive: 30", "proxy.yaml:1: keep-alive", "such as 500ms")]
    [InlineData("max-streams: 0", "proxy.yaml:1: max-streams", "from 1")]
    [InlineData("http3: maybe", "proxy.yaml:1: http3", "auto and off")]
    [InlineData("sockets: maybe", "proxy.yaml:1: sockets", "auto and runtime")]
    [InlineData("trust-forwarded: yes", "proxy.yaml:1: trust-forwarded", "neither true nor false")]
    [InlineData("max-frame: 17MiB", "proxy.yaml:1: max-frame", "16KiB")]
    [InlineData("listen: [127.0.0.1:0, nowhere]", "proxy.yaml:1: listen", "'nowhere'")]
    [InlineData("listen: { port: 1 }", "proxy.yaml:1: listen", "not nested")]
    [InlineData("listen:", "proxy.yaml:1: listen", "no value")]
    [InlineData("name: a\nname: b", "proxy.yaml:2: name", "twice")]
    [InlineData("- listen", "proxy.yaml:1", "setting")]
    [InlineData("name: a\n---\nname: b", "proxy.yaml:2", "second document")]
    [InlineData("listen: [", "proxy.yaml", "YAML")]
    [InlineData("listen-tls: 127.0.0.1:0", "127.0.0.1:0", "--tls-cert")]
    [InlineData("client-cert: required", "--client-cert", "--client-ca")]
    [InlineData("tls-cert: a.crt", "--tls-cert", "--tls-key")]
    public async Task File_WithAFault_NamesPlaceAndRemedy(string text, string place, string says)
    {
        var run = await CommandRun.OfAsync("proxy", "--controller", "http://127.0.0.1:1", "--admin", "127.0.0.1:0", "--config", _folder.Write("proxy.yaml", text + "\n"));
        run.ShouldFail(ExitCode.BadUsage, place, says, "remedy:");
    }

    [Fact]
    public async Task File_Absent_IsNamed()
    {
        var run = await CommandRun.OfAsync("proxy", "--config", _folder.PathOf("absent.yaml"));
        run.ShouldFail(ExitCode.Error, "absent.yaml", "remedy:");
    }

    [Fact]
    public async Task Environment_WithAFault_NamesTheVariable()
    {
        var run = await CommandRun.OfAsync(["proxy", "--controller", "http://127.0.0.1:1"], name => name == "MESHCANARY_DRAIN_DELAY" ? "soon" : null, Cancellation);
        run.ShouldFail(ExitCode.BadUsage, "MESHCANARY_DRAIN_DELAY", "'soon'", "remedy:");
    }

    [Fact]
    public async Task Controller_NowhereGiven_IsAskedFor()
    {
        var run = await CommandRun.OfAsync("proxy");
        run.ShouldFail(ExitCode.BadUsage, "--controller", "MESHCANARY_CONTROLLER", "--config");
    }

    [Theory]
    [InlineData("typed", "variable", "file", "typed")]
    [InlineData(null, "variable", "file", "variable")]
    [InlineData(null, null, "file", "file")]
    public async Task Setting_FromSeveralPlaces_TheNearestHolds(string? typed, string? variable, string file, string expected)
    {
        var config = _folder.Write("proxy.yaml", $"name: {file}\ncontroller: http://127.0.0.1:1\nlisten: [127.0.0.1:0, 127.0.0.2:0]\n");
        string[] args = ["proxy", "--config", config, .. typed is null ? (string[])[] : ["--name", typed]];
        await using var proxy = await RunningServer.StartAsync(args, "Stop with Ctrl-C.", name => name switch
        {
            "MESHCANARY_NAME" => variable,
            "MESHCANARY_ADMIN" => "127.0.0.1:0",
            _ => null,
        });

        Assert.Contains($"Proxy '{expected}' listens on http://127.0.0.1:", proxy.Out, StringComparison.Ordinal);
        Assert.Contains("http://127.0.0.2:", proxy.Out, StringComparison.Ordinal);
        Assert.Equal(ExitCode.Success, await proxy.StopAsync());
    }

    [Fact]
    public async Task File_Changed_MovesThePortAndSaysWhatWaits()
    {
        var port = FreePort.Find();
        var config = _folder.Write("proxy.yaml", "controller: http://127.0.0.1:1\nlisten: 127.0.0.1:0\nadmin: 127.0.0.1:0\n");
        await using var proxy = await RunningServer.StartAsync(["proxy", "--config", config], "Stop with Ctrl-C.");

        _folder.Write("proxy.yaml", "listen: nowhere\n");
        await Eventually.TrueAsync(() => proxy.Error.Contains("'nowhere'", StringComparison.Ordinal), Deadline, "the fault is told", cancellation: Cancellation);
        _folder.Write("proxy.yaml", $"controller: http://127.0.0.1:1\nlisten: [127.0.0.1:{port}]\nadmin: 127.0.0.1:0\nmax-connections: 7\n");

        await Eventually.TrueAsync(() => ConnectsAsync(port), Deadline, "the new port is open", cancellation: Cancellation);
        await Eventually.TrueAsync(() => proxy.Error.Contains("need a restart and stay as they were: max-connections", StringComparison.Ordinal), Deadline, "what waits is told", cancellation: Cancellation);
        Assert.Equal(ExitCode.Success, await proxy.StopAsync());
    }

    private static async Task<bool> ConnectsAsync(int port)
    {
        using var socket = new Socket(SocketType.Stream, ProtocolType.Tcp);
        try
        {
            await socket.ConnectAsync(IPAddress.Loopback, port, Cancellation);
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }
}
