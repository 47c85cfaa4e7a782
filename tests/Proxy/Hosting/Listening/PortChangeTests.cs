using System.Net;
using System.Net.Sockets;
using MeshCanary.Proxy.Hosting;
using MeshCanary.Proxy.Hosting.Tls;
using MeshCanary.Proxy.Tests.Harness;
using MeshCanary.Testing.Backends;
using MeshCanary.Testing.Files;

namespace MeshCanary.Proxy.Tests.Hosting.Listening;

public sealed class PortChangeTests : IDisposable
{
    private static readonly IPEndPoint Anywhere = new(IPAddress.Loopback, 0);

    private readonly TempFolder _folder = new();
    private readonly TestCertificates _certificates;

    public PortChangeTests() => _certificates = new TestCertificates(_folder);

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public void Dispose()
    {
        _certificates.Dispose();
        _folder.Dispose();
    }

    [Fact]
    public async Task Ports_AddedAndRemovedUnderLoad_NoRequestFails()
    {
        await using var backend = await TestBackend.StartAsync("v1", Cancellation);
        var tls = new TlsOptions { Certificates = [_certificates.Write("a", "a")] };
        // An address of its own, so that it can be told from the one that goes.
        var stays = new IPEndPoint(IPAddress.Parse("127.0.0.2"), 0);
        var options = TestProxy.Options(new Uri("http://127.0.0.1:1"));
        await using var proxy = await TestProxy.StartAsync(
            Cancellation, Snapshots.Of(1, Snapshots.At(backend.Address)), it => options = it with { Listen = [Anywhere, stays], ListenTls = [Anywhere, stays], Tls = tls });
        var (cleartext, encrypted) = (proxy.Server.Cleartext, proxy.Server.WithTls);
        var hammer = new Hammer();
        foreach (var version in (Version[])[HttpVersion.Version11, HttpVersion.Version20])
        {
            hammer.Add(() => Cleartext(cleartext[0], version), mayBeClosed: true)
                .Add(() => Cleartext(cleartext[1], version))
                .Add(() => TlsClient.New(proxy, version, address: encrypted[0]), mayBeClosed: true)
                .Add(() => TlsClient.New(proxy, version, address: encrypted[1]));
        }

        await hammer.MoreAsync(200);
        _certificates.Write("b", "b");
        options = options with { Listen = [stays], ListenTls = [stays], Tls = new TlsOptions { Certificates = [new CertificateFiles(_folder.PathOf("b.crt"), _folder.PathOf("b.key"))] } };
        Assert.Empty(await proxy.Server.ChangeAsync(options, Cancellation));
        await hammer.MoreAsync(200);

        Assert.Equal([cleartext[1]], proxy.Server.Cleartext);
        Assert.Equal([encrypted[1]], proxy.Server.WithTls);
        await Assert.ThrowsAsync<SocketException>(() => ConnectAsync(cleartext[0]));
        await proxy.Server.ChangeAsync(options with { Listen = [stays, Anywhere] }, Cancellation);
        hammer.Add(() => Cleartext(proxy.Server.Cleartext[1], HttpVersion.Version11));
        await hammer.MoreAsync(200);
        await hammer.DisposeAsync();
        Assert.Equal(backend.Received, hammer.Served);
        Assert.Equal("CN=b", (await TlsClient.AskAsync(proxy, null, Cancellation)).Subject);
        Assert.True(hammer.Failures.IsEmpty, string.Join("\n", hammer.Failures));
    }

    [Fact]
    public async Task Port_RemovedWithAnIdleConnection_ClosesIt()
    {
        await using var backend = await TestBackend.StartAsync("v1", Cancellation);
        var options = TestProxy.Options(new Uri("http://127.0.0.1:1"));
        var stays = new IPEndPoint(IPAddress.Parse("127.0.0.2"), 0);
        await using var proxy = await TestProxy.StartAsync(
            Cancellation, Snapshots.Of(1, Snapshots.At(backend.Address)), it => options = it with { Listen = [Anywhere, stays], DrainTimeout = TimeSpan.FromSeconds(1) });
        using var idle = await ConnectAsync(proxy.Server.Cleartext[0]);
        await idle.SendAsync("GET / HTTP/1.1\r\nHost: x\r\n\r\n"u8.ToArray(), Cancellation);
        using var stream = new NetworkStream(idle);
        using var reader = new StreamReader(stream);
        Assert.Equal("HTTP/1.1 200 OK", await reader.ReadLineAsync(Cancellation));

        await proxy.Server.ChangeAsync(options with { Listen = [stays] }, Cancellation);

        Assert.EndsWith("ok\r\n0\r\n\r\n", await reader.ReadToEndAsync(Cancellation), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Port_InUse_ChangesNothing()
    {
        using var taken = new TcpListener(IPAddress.Loopback, 0);
        taken.Start();
        await using var backend = await TestBackend.StartAsync("v1", Cancellation);
        var options = TestProxy.Options(new Uri("http://127.0.0.1:1"));
        await using var proxy = await TestProxy.StartAsync(Cancellation, Snapshots.Of(1, Snapshots.At(backend.Address)), it => options = it);
        var before = proxy.Server.Cleartext;

        var fault = await Assert.ThrowsAsync<IOException>(() => proxy.Server.ChangeAsync(options with { Listen = [new IPEndPoint(IPAddress.Parse("127.0.0.2"), 0), (IPEndPoint)taken.LocalEndpoint] }, Cancellation));

        Assert.Contains($"{taken.LocalEndpoint}", fault.Message, StringComparison.Ordinal);
        Assert.Equal(before, proxy.Server.Cleartext);
        Assert.Equal("ok", await proxy.Client.GetStringAsync("/", Cancellation));
    }

    [Fact]
    public async Task Options_ThatNeedARestart_AreNamedAndStay()
    {
        var options = TestProxy.Options(new Uri("http://127.0.0.1:1"));
        await using var proxy = await TestProxy.StartAsync(Cancellation, change: it => options = it);

        var left = await proxy.Server.ChangeAsync(options with { Name = "other", Limits = new ProxyLimits { Connections = 5, RequestHeaders = 9000 } }, Cancellation);

        Assert.Equal([nameof(ProxyOptions.Name), nameof(ProxyLimits.Connections)], left);
    }

    private static HttpClient Cleartext(IPEndPoint address, Version version) => new(new SocketsHttpHandler { UseProxy = false })
    {
        BaseAddress = new Uri($"http://{address}"), DefaultRequestVersion = version, DefaultVersionPolicy = HttpVersionPolicy.RequestVersionExact,
    };

    private static async Task<Socket> ConnectAsync(IPEndPoint address)
    {
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp);
        await socket.ConnectAsync(address, Cancellation);
        return socket;
    }
}
