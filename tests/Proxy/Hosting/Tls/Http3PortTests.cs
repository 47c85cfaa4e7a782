using System.Net;
using System.Text;
using MeshCanary.Proxy.Hosting;
using MeshCanary.Proxy.Hosting.Tls;
using MeshCanary.Proxy.Tests.Harness;
using MeshCanary.Testing.Backends;
using MeshCanary.Testing.Files;
using Microsoft.AspNetCore.Http;

namespace MeshCanary.Proxy.Tests.Hosting.Tls;

/// <summary>HTTP/3 from the server's frames on, with a QUIC of the test's own under it.</summary>
public sealed class Http3PortTests : IDisposable
{
    private static readonly IPEndPoint Anywhere = new(IPAddress.Loopback, 0);

    private readonly FakeQuic _quic = new();
    private readonly TempFolder _folder = new();
    private readonly TestCertificates _certificates;
    private ProxyOptions? _options;

    public Http3PortTests() => _certificates = new TestCertificates(_folder);

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public void Dispose()
    {
        _certificates.Dispose();
        _folder.Dispose();
    }

    [Fact]
    public async Task TlsPort_RequestWithABody_IsServedAndCounted()
    {
        await using var backend = await TestBackend.StartAsync(new TestBackendOptions { Answer = EchoAsync }, Cancellation);
        await using var proxy = await StartAsync(backend.Address);
        var exchange = new Http3Exchange(_quic.At(proxy.Server.WithTls[0]).Connect());

        await exchange.BeginAsync("POST", "/");
        await exchange.SendAsync("hel"u8.ToArray());
        await exchange.SendAsync("lo"u8.ToArray());
        var (fields, body) = await exchange.EndAsync(Cancellation);

        Assert.Equal("200", fields[":status"]);
        Assert.Equal("https a.example hello", Encoding.ASCII.GetString(body));
        await proxy.ReportedAsync(1);
    }

    [Theory]
    [InlineData(0, "0")]
    [InlineData(5, "5")]
    public async Task TlsPort_GrpcCall_EndsWithItsTrailers(int failWith, string expected)
    {
        await using var backend = await EchoBackend.StartAsync(Cancellation);
        await using var proxy = await StartAsync(new Uri(backend.Address));
        var exchange = new Http3Exchange(_quic.At(proxy.Server.WithTls[0]).Connect());

        await exchange.BeginAsync("POST", "/meshcanary.tests.Echo/Say", ("content-type", "application/grpc"), ("te", "trailers"));
        await exchange.SendAsync(failWith == 0 ? new byte[] { 0, 0, 0, 0, 3, 10, 1, (byte)'x' } : new byte[] { 0, 0, 0, 0, 2, 16, (byte)failWith });
        var (fields, body) = await exchange.EndAsync(Cancellation);

        Assert.Equal(expected, fields["grpc-status"]);
        Assert.Equal(failWith == 0 ? [0, 0, 0, 0, 3, 10, 1, (byte)'x'] : [], body);
        await proxy.ReportedAsync(1);
    }

    [Fact]
    public async Task TlsPort_OverTcp_OffersIt()
    {
        await using var backend = await TestBackend.StartAsync("v1", Cancellation);
        await using var proxy = await StartAsync(backend.Address);
        foreach (var version in (Version[])[HttpVersion.Version11, HttpVersion.Version20])
        {
            using var client = TlsClient.New(proxy, version);
            using var answer = await client.GetAsync("/", Cancellation);
            Assert.Equal([$"h3=\":{proxy.Server.WithTls[0].Port}\""], answer.Headers.GetValues("Alt-Svc"));
        }

        using var cleartext = await proxy.Client.GetAsync("/", Cancellation);
        Assert.False(cleartext.Headers.Contains("Alt-Svc"));
    }

    [Fact]
    public async Task Handshake_CertificateOfTheName_IsShownAndReloaded()
    {
        await using var backend = await TestBackend.StartAsync("v1", Cancellation);
        await using var proxy = await StartAsync(backend.Address, new TlsOptions
        {
            Certificates = [_certificates.Write("a", "a"), _certificates.Write("b", "b", "b.example")],
        });
        var port = _quic.At(proxy.Server.WithTls[0]);
        Assert.Equal("CN=a", await SubjectAsync("a.example"));
        Assert.Equal("CN=b", await SubjectAsync("b.example"));

        _certificates.Write("b", "after", "b.example");

        await TestProxy.UntilAsync(async () => await SubjectAsync("b.example") == "CN=after", "the new certificate is shown");

        async Task<string> SubjectAsync(string host) => (await port.HandshakeAsync(host, Cancellation)).ServerCertificateContext!.TargetCertificate.Subject;
    }

    [Theory]
    [InlineData(ClientCertificates.Required, true, true)]
    [InlineData(ClientCertificates.Required, false, false)]
    [InlineData(ClientCertificates.Optional, false, true)]
    public async Task TlsPort_ClientWithoutCertificate_IsServedUnlessRequired(ClientCertificates rule, bool shows, bool served)
    {
        using var own = _certificates.Sign("client");
        await using var backend = await TestBackend.StartAsync(new TestBackendOptions { Answer = Tell }, Cancellation);
        await using var proxy = await StartAsync(backend.Address, new TlsOptions
        {
            Certificates = [_certificates.Write("a", "a")], ClientAuthorityFile = _certificates.AuthorityFile, ClientCertificates = rule, ForwardClientCertificate = true,
        });
        var connection = _quic.At(proxy.Server.WithTls[0]).Connect(shows ? own : null);
        if (!served)
        {
            await connection.Ended.WaitAsync(TestProxy.Deadline, Cancellation);
            return;
        }

        var exchange = new Http3Exchange(connection);
        await exchange.BeginAsync("GET", "/");
        var (_, body) = await exchange.EndAsync(Cancellation);
        Assert.Equal(shows ? ClientIdentity.Describe(own) : "", Encoding.ASCII.GetString(body));
    }

    [Fact]
    public async Task Handshake_OneFails_ThePortGoesOn()
    {
        await using var backend = await TestBackend.StartAsync("v1", Cancellation);
        await using var proxy = await StartAsync(backend.Address);
        var port = _quic.At(proxy.Server.WithTls[0]);

        port.Connect(isBroken: true);

        await AssertServedAsync(port.Connect());
    }

    [Fact]
    public async Task Ports_Changed_UdpFollows()
    {
        await using var backend = await TestBackend.StartAsync("v1", Cancellation);
        await using var proxy = await StartAsync(backend.Address);
        var before = proxy.Server.WithTls[0];
        var client = _quic.At(before).Connect();
        await AssertServedAsync(client);

        var elsewhere = new IPEndPoint(IPAddress.Parse("127.0.0.2"), 0);
        await proxy.Server.ChangeAsync(_options! with { ListenTls = [elsewhere] }, Cancellation);

        Assert.Equal(IPAddress.Parse("127.0.0.2"), proxy.Server.WithTls[0].Address);
        await AssertServedAsync(_quic.At(proxy.Server.WithTls[0]).Connect());
        await TestProxy.UntilAsync(() => !_quic.Bound.Contains(before), "the UDP port is closed");
        await client.Ended.WaitAsync(TestProxy.Deadline, Cancellation);
    }

    [Fact]
    public async Task Ports_UdpTaken_NothingChangesAndTheAddressIsNamed()
    {
        await using var backend = await TestBackend.StartAsync("v1", Cancellation);
        await using var proxy = await StartAsync(backend.Address);
        var before = proxy.Server.WithTls;
        _quic.IsTaken = true;

        var fault = await Assert.ThrowsAsync<IOException>(() => proxy.Server.ChangeAsync(_options! with { ListenTls = [new IPEndPoint(IPAddress.Parse("127.0.0.2"), 0)] }, Cancellation));

        Assert.Contains("127.0.0.2", fault.Message, StringComparison.Ordinal);
        Assert.Contains("--http3 off", fault.Message, StringComparison.Ordinal);
        Assert.Equal(before, proxy.Server.WithTls);
        await AssertServedAsync(_quic.At(before[0]).Connect());
    }

    [Fact]
    public async Task Stop_RequestUnderWay_IsServed()
    {
        var (arrived, answer) = (new TaskCompletionSource(), new TaskCompletionSource());
        await using var backend = await TestBackend.StartAsync(
            new TestBackendOptions
            {
                Answer = async context =>
                {
                    arrived.TrySetResult();
                    await answer.Task;
                    await context.Response.WriteAsync("late", Cancellation);
                },
            },
            Cancellation);
        await using var proxy = await StartAsync(backend.Address);
        var port = _quic.At(proxy.Server.WithTls[0]);
        var client = port.Connect();
        var exchange = new Http3Exchange(client);
        await exchange.BeginAsync("GET", "/");
        var answered = exchange.EndAsync(Cancellation);
        await arrived.Task.WaitAsync(TestProxy.Deadline, Cancellation);

        var stopped = proxy.Server.StopAsync(Cancellation);
        await TestProxy.UntilAsync(() => !_quic.Bound.Any(), "the UDP port is closed");
        answer.SetResult();

        Assert.Equal("late", Encoding.ASCII.GetString((await answered.WaitAsync(TestProxy.Deadline, Cancellation)).Body));
        // As clients do that were told to go.
        client.Close();
        await stopped;
        Assert.Equal(1, proxy.Controller.Store.Sums().Finished);
    }

    private static async Task EchoAsync(HttpContext context)
    {
        using var body = new StreamReader(context.Request.Body);
        await context.Response.WriteAsync($"{context.Request.Headers["X-Forwarded-Proto"]} {context.Request.Host} {await body.ReadToEndAsync(Cancellation)}", Cancellation);
    }

    private static Task Tell(HttpContext context) => context.Response.WriteAsync(context.Request.Headers["X-Forwarded-Client-Cert"].ToString(), Cancellation);

    private static async Task AssertServedAsync(FakeQuicConnection connection)
    {
        var exchange = new Http3Exchange(connection);
        await exchange.BeginAsync("GET", "/");
        var (fields, _) = await exchange.EndAsync(Cancellation).WaitAsync(TestProxy.Deadline, Cancellation);
        Assert.Equal("200", fields[":status"]);
    }

    private Task<TestProxy> StartAsync(Uri backend, TlsOptions? tls = null) => TestProxy.StartAsync(
        Cancellation,
        Snapshots.Of(1, Snapshots.At(backend)),
        options => _options = options with { ListenTls = [Anywhere], Tls = tls ?? new TlsOptions { Certificates = [_certificates.Write("a", "a")] } },
        quic: _quic);
}
