using System.Net;
using System.Net.Sockets;
using MeshCanary.Cli.Hosting;
using MeshCanary.Cli.Tests.Harness;
using MeshCanary.Testing.Backends;
using MeshCanary.Testing.Files;
using MeshCanary.Testing.Waiting;
using Microsoft.AspNetCore.Http;

namespace MeshCanary.Cli.Tests.Commands;

public sealed class ServeCommandTests : IDisposable
{
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(60);

    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Serve_WithAVersionThatAnswers_ServesItAndStopsWithZero()
    {
        await using var stable = await StartStableAsync();
        await using var server = await RunningServer.ServeAsync(Manifest(stable.Address), State);
        Assert.Contains("MeshCanary is ready: 1 Canary (default/checkout).", server.Out, StringComparison.Ordinal);
        using var http = new HttpClient();
        await Eventually.TrueAsync(
            async () => await http.GetStringAsync(server.Address("traffic"), TestContext.Current.CancellationToken) == "ok", Deadline, "an answer through the proxy", cancellation: TestContext.Current.CancellationToken);
        Assert.Equal(ExitCode.Success, await server.StopAsync());
        Assert.Equal("", server.Error);
    }

    [Fact]
    public async Task Clients_OfARunningServer_AnnounceWatchActAndRecord()
    {
        await using var stable = await StartStableAsync();
        await using var canary = await TestBackend.StartAsync("v2", TestContext.Current.CancellationToken);
        await using var server = await RunningServer.ServeAsync(Manifest(stable.Address), State);
        var url = server.Address("API").AbsoluteUri;
        await Eventually.TrueAsync(
            async () => (await CommandRun.OfAsync("status", "checkout", "--server", url)).Code == ExitCode.Success, Deadline, "the phase stable", cancellation: TestContext.Current.CancellationToken);

        var unreachable = await CommandRun.OfAsync("rollout", "checkout", "--canary", "http://127.0.0.1:1", "--server", url);
        unreachable.ShouldFail(ExitCode.Error, "http://127.0.0.1:1", "--force");
        var nothing = await CommandRun.OfAsync("abort", "checkout", "--server", url);
        Assert.True(nothing.Code is ExitCode.Error or ExitCode.Success, nothing.ToString());

        var announced = await CommandRun.OfAsync("rollout", "checkout", "--canary", canary.Address.AbsoluteUri, "--revision", "v2", "--server", url);
        Assert.True(announced.Code == ExitCode.Success, announced.ToString());
        await Eventually.TrueAsync(
            async () => (await CommandRun.OfAsync("get", "--server", url)).Out.Contains("progressing-1/3", StringComparison.Ordinal), Deadline, "the first step", cancellation: TestContext.Current.CancellationToken);
        var aborted = await CommandRun.OfAsync("abort", "checkout", "--reason", "seen enough", "--server", url);
        Assert.True(aborted.Code == ExitCode.Success, aborted.ToString());
        var waited = await CommandRun.OfAsync("status", "checkout", "--wait", "--timeout", "30s", "--server", url);
        Assert.True(waited.Code == ExitCode.RolledBack, waited.ToString());

        var events = await CommandRun.OfAsync("events", "checkout", "--server", url);
        Assert.Contains("seen enough", events.Out, StringComparison.Ordinal);
        var file = _folder.PathOf("record.json");
        var recorded = await CommandRun.OfAsync("record", "checkout", "--output", file, "--server", url);
        Assert.True(recorded.Code == ExitCode.Success, recorded.ToString());
        var replayed = await CommandRun.OfAsync("replay", file);
        Assert.True(replayed.Code == ExitCode.Success, replayed.ToString());
    }

    [Fact]
    public async Task Serve_WithAStableVersionThatDoesNotAnswer_IsRefusedWithItsAddress()
    {
        var run = await CommandRun.OfAsync(ServeArgs("http://127.0.0.1:1"));
        run.ShouldFail(ExitCode.Error, "http://127.0.0.1:1");
    }

    [Theory]
    [InlineData("--api")]
    [InlineData("--control")]
    [InlineData("--listen")]
    [InlineData("--proxy-admin")]
    public async Task Serve_OnABusyPort_NamesTheAddress(string option)
    {
        await using var stable = await StartStableAsync();
        using var busy = new TcpListener(IPAddress.Loopback, 0);
        busy.Start();
        var address = busy.LocalEndpoint.ToString()!;
        var args = ServeArgs(stable.Address.AbsoluteUri);
        args[Array.IndexOf(args, option) + 1] = address;
        var run = await CommandRun.OfAsync(args);
        run.ShouldFail(ExitCode.Error, address);
        Assert.Empty(run.Out);
    }

    [Fact]
    public async Task Serve_WithADamagedStateFile_NamesItAndLeavesItAlone()
    {
        await using var stable = await StartStableAsync();
        Directory.CreateDirectory(State);
        var file = Path.Combine(State, "state.db");
        await File.WriteAllTextAsync(file, "this is no database, but it may be all that somebody has", TestContext.Current.CancellationToken);
        var run = await CommandRun.OfAsync(ServeArgs(stable.Address.AbsoluteUri));
        run.ShouldFail(ExitCode.Error, file, "It was left as it is");
        Assert.Equal("this is no database, but it may be all that somebody has", await File.ReadAllTextAsync(file, TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task Serve_WithAStateFolderInUse_NamesIt()
    {
        await using var stable = await StartStableAsync();
        await using var server = await RunningServer.ServeAsync(Manifest(stable.Address), State);
        var run = await CommandRun.OfAsync(ServeArgs(stable.Address.AbsoluteUri));
        run.ShouldFail(ExitCode.Error, State, "in use by another controller");
    }

    [Fact]
    public async Task Serve_WithACertificateOfAnAuthority_IsReadyByCaOnly()
    {
        await using var stable = await StartStableAsync();
        var files = TestAuthority.Write(_folder);
        string[] tls = ["--cert", files.Certificate, "--key", files.Key];
        await using (var server = await RunningServer.ServeAsync(Manifest(stable.Address), State, [.. tls, "--ca", files.Authority]))
            Assert.Contains("MeshCanary is ready: 1 Canary", server.Out, StringComparison.Ordinal);

        await using var without = await RunningServer.ServeAsync(Manifest(stable.Address), _folder.PathOf("other"), tls);
        await Eventually.TrueAsync(
            () => without.Error.Contains("--ca names the authority", StringComparison.Ordinal), Deadline, "what is missing", () => without.Out + without.Error, TestContext.Current.CancellationToken);
        Assert.Contains("MeshCanary is started but serves no traffic yet", without.Out, StringComparison.Ordinal);
        Assert.DoesNotContain("is ready", without.Out, StringComparison.Ordinal);
        Assert.Contains("the embedded proxy has no configuration after 5 s", without.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(false, "http")]
    [InlineData(true, "https")]
    public async Task Serve_WithOrWithoutTrust_PassesOrOverwritesForwardedHeaders(bool isTrusted, string scheme)
    {
        await using var stable = await StartStableAsync();
        stable.Answer = context => context.Response.WriteAsync(context.Request.Headers["X-Forwarded-Proto"].ToString());
        string[] trust = isTrusted ? ["--trust-forwarded"] : [];
        await using var server = await RunningServer.ServeAsync(Manifest(stable.Address), State, trust);
        using var http = new HttpClient();
        http.DefaultRequestHeaders.Add("X-Forwarded-Proto", "https");
        Assert.Equal(scheme, await http.GetStringAsync(server.Address("traffic"), TestContext.Current.CancellationToken));
    }

    private string State => _folder.PathOf("state");

    private static Task<TestBackend> StartStableAsync() => TestBackend.StartAsync("v1", TestContext.Current.CancellationToken);

    private string Manifest(Uri stable) => _folder.Write(
        "canary.yaml",
        $$"""
        apiVersion: meshcanary.io/v1alpha1
        kind: Canary
        metadata: { name: checkout }
        spec:
          workload: { kind: Static, name: checkout, stable: { revision: v1, addresses: ["{{stable.AbsoluteUri.TrimEnd('/')}}"] } }
          service: { name: checkout }
          strategy: { steps: [{ weight: 5 }, { weight: 25 }, { weight: 50 }] }
          analysis: { interval: 1s, warmup: 0s }
        """);

    private string[] ServeArgs(string stable) =>
    [
        "serve", "-f", Manifest(new Uri(stable)), "--state", State,
        "--listen", "127.0.0.1:0", "--api", "127.0.0.1:0", "--control", "127.0.0.1:0", "--proxy-admin", "127.0.0.1:0",
    ];
}
