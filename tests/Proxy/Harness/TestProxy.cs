using System.Net;
using Grpc.Net.Client;
using MeshCanary.Contracts.V1;
using MeshCanary.Proxy.Hosting;
using MeshCanary.Testing.Waiting;

namespace MeshCanary.Proxy.Tests.Harness;

/// <summary>A real proxy on loopback, its fake controller, and a client of each kind.</summary>
internal sealed class TestProxy : IAsyncDisposable
{
    public static readonly TimeSpan Deadline = TimeSpan.FromSeconds(20);

    private TestProxy(ProxyServer server, FakeController controller, LogSink log)
    {
        (Server, Controller, Log) = (server, controller, log);
        Address = new Uri($"http://127.0.0.1:{server.Listen.Port}");
        Client = NewClient(HttpVersion.Version11);
    }

    public ProxyServer Server { get; }

    public FakeController Controller { get; }

    public LogSink Log { get; }

    public Uri Address { get; }

    public HttpClient Client { get; }

    public static async Task<TestProxy> StartAsync(
        CancellationToken cancellation, Snapshot? snapshot = null, Func<ProxyOptions, ProxyOptions>? change = null, FakeController? controller = null,
        TimeProvider? time = null, FakeQuic? quic = null)
    {
        controller ??= await FakeController.StartAsync(cancellation);
        if (snapshot is not null)
            await controller.SendAsync(snapshot);
        var log = new LogSink();
        var options = Options(controller.Address);
        options = change?.Invoke(options) ?? options;
        var server = await (quic is null
            ? ProxyServer.StartAsync(options, time ?? TimeProvider.System, log, cancellation)
            : ProxyServer.StartAsync(options, time ?? TimeProvider.System, log, quic.Use, cancellation));
        var proxy = new TestProxy(server, controller, log);
        if (snapshot is not null)
            await proxy.AcknowledgedAsync(snapshot.Version);
        return proxy;
    }

    public static ProxyOptions Options(Uri controller) => new()
    {
        Name = "test",
        Listen = [new IPEndPoint(IPAddress.Loopback, 0)],
        Admin = new IPEndPoint(IPAddress.Loopback, 0),
        Controller = controller,
        DrainTimeout = TimeSpan.FromSeconds(10),
        ConnectTimeout = TimeSpan.FromSeconds(2),
    };

    public static Task UntilAsync(Func<bool> condition, string because) =>
        Eventually.TrueAsync(condition, Deadline, because, cancellation: TestContext.Current.CancellationToken);

    public static Task UntilAsync(Func<Task<bool>> condition, string because) =>
        Eventually.TrueAsync(condition, Deadline, because, cancellation: TestContext.Current.CancellationToken);

    public async Task ApplyAsync(Snapshot snapshot)
    {
        await Controller.SendAsync(snapshot);
        await AcknowledgedAsync(snapshot.Version);
    }

    public Task AcknowledgedAsync(ulong version) => Eventually.TrueAsync(
        () => Controller.Acks.Any(ack => ack.Version == version), Deadline, $"version {version} is acknowledged",
        () => $"{Controller.Hellos.Count} hellos, nacks: {string.Join("; ", Controller.Nacks)}\n{Log}");

    /// <summary>Waits until the reports account for so many requests.</summary>
    public Task ReportedAsync(long finished) => Eventually.TrueAsync(
        () => Controller.Store.Sums().Finished >= finished, Deadline, $"{finished} finished requests are reported", () => $"{Controller.Store.Sums()}");

    public HttpClient NewClient(Version version) => new(new SocketsHttpHandler { UseCookies = false, UseProxy = false, AllowAutoRedirect = false })
    {
        BaseAddress = Address,
        DefaultRequestVersion = version,
        DefaultVersionPolicy = HttpVersionPolicy.RequestVersionExact,
    };

    public GrpcChannel NewChannel() => GrpcChannel.ForAddress(Address);

    public async Task<string> AdminAsync(string path, CancellationToken cancellation)
    {
        using var client = new HttpClient();
        var response = await client.GetAsync(new Uri($"http://127.0.0.1:{Server.Admin.Port}{path}"), cancellation);
        return $"{(int)response.StatusCode} {await response.Content.ReadAsStringAsync(cancellation)}";
    }

    public async ValueTask DisposeAsync()
    {
        Client.Dispose();
        await Server.StopAsync(CancellationToken.None);
        await Controller.DisposeAsync();
    }
}
