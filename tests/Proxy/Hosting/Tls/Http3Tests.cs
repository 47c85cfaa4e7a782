using System.Net;
using System.Net.Quic;
using Grpc.Core;
using Grpc.Net.Client;
using MeshCanary.Proxy.Hosting;
using MeshCanary.Proxy.Hosting.Tls;
using MeshCanary.Proxy.Tests.Harness;
using MeshCanary.Proxy.Tests.Protos;
using MeshCanary.Testing.Backends;
using MeshCanary.Testing.Files;
using Microsoft.Extensions.Time.Testing;

namespace MeshCanary.Proxy.Tests.Hosting.Tls;

/// <summary>
/// A TLS port with the QUIC of the system: HTTP/3 where it has one, and elsewhere what is documented instead.
/// What does not depend on the system is in <see cref="Http3PortTests"/>.
/// </summary>
public sealed class Http3Tests : IDisposable
{
    private readonly TempFolder _folder = new();
    private readonly TestCertificates _certificates;

    public Http3Tests() => _certificates = new TestCertificates(_folder);

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    private static Version Best => QuicListener.IsSupported ? HttpVersion.Version30 : HttpVersion.Version20;

    public void Dispose()
    {
        _certificates.Dispose();
        _folder.Dispose();
    }

    [Fact]
    public async Task Auto_TcpClient_IsOfferedWhatTheSystemHas()
    {
        await using var backend = await TestBackend.StartAsync("v1", Cancellation);
        await using var proxy = await StartAsync(backend.Address);
        using var client = TlsClient.New(proxy, HttpVersion.Version20);

        using var answer = await client.GetAsync("/", Cancellation);

        Assert.Equal(HttpVersion.Version20, answer.Version);
        Assert.Equal(QuicListener.IsSupported ? [$"h3=\":{proxy.Server.WithTls[0].Port}\""] : [], OffersOf(answer));
        Assert.Equal(QuicListener.IsSupported ? 0 : 1, proxy.Log.Lines.Count(line => line.Text.Contains("libmsquic", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task Off_TcpClient_IsOfferedNothingAndNothingIsSaid()
    {
        await using var backend = await TestBackend.StartAsync("v1", Cancellation);
        await using var proxy = await StartAsync(backend.Address, options => options with { Http3 = Http3Mode.Off });
        using var client = TlsClient.New(proxy, HttpVersion.Version20);

        using var answer = await client.GetAsync("/", Cancellation);

        Assert.Equal([], OffersOf(answer));
        Assert.DoesNotContain(proxy.Log.Lines, line => line.Text.Contains("HTTP/3", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Auto_CleartextPort_IsAskedForNothing()
    {
        await using var backend = await TestBackend.StartAsync("v1", Cancellation);
        await using var proxy = await TestProxy.StartAsync(Cancellation, Snapshots.Of(1, Snapshots.At(backend.Address)));

        using var answer = await proxy.Client.GetAsync("/", Cancellation);

        Assert.Equal([], OffersOf(answer));
        Assert.DoesNotContain(proxy.Log.Lines, line => line.Text.Contains("HTTP/3", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Best_RequestWithABody_IsServedWhole()
    {
        var sent = new byte[200_000];
        new Random(1).NextBytes(sent);
        await using var backend = await TestBackend.StartAsync(
            new TestBackendOptions { Answer = async context => { using var body = new MemoryStream(); await context.Request.Body.CopyToAsync(body, Cancellation); await context.Response.Body.WriteAsync(body.ToArray(), Cancellation); } }, Cancellation);
        await using var proxy = await StartAsync(backend.Address);
        using var client = TlsClient.New(proxy, Best);

        using var answer = await client.PostAsync("/", new ByteArrayContent(sent), Cancellation);

        Assert.Equal(Best, answer.Version);
        Assert.Equal(sent, await answer.Content.ReadAsByteArrayAsync(Cancellation));
    }

    [Theory]
    [InlineData(0, StatusCode.OK)]
    [InlineData(5, StatusCode.NotFound)]
    public async Task Best_GrpcCall_EndsWithItsTrailers(int failWith, StatusCode expected)
    {
        await using var backend = await EchoBackend.StartAsync(Cancellation);
        await using var proxy = await StartAsync(new Uri(backend.Address));
        using var client = TlsClient.New(proxy, Best);
        using var channel = GrpcChannel.ForAddress(client.BaseAddress!, new GrpcChannelOptions { HttpClient = client, HttpVersion = Best });

        using var call = new Echo.EchoClient(channel).SayAsync(new EchoRequest { Text = "hello", FailWith = failWith }, new Metadata { { "echo-a", "b" } }, cancellationToken: Cancellation);
        var fault = await Record.ExceptionAsync(async () => Assert.Equal("hello", (await call).Text));

        Assert.Equal(expected, (fault as RpcException)?.StatusCode ?? StatusCode.OK);
        if (expected == StatusCode.OK)
            Assert.Equal("b", call.GetTrailers().GetValue("echo-a"));
    }

    [Fact]
    public async Task Best_CertificateChanged_IsShownToNewConnections()
    {
        var time = new FakeTimeProvider();
        await using var backend = await TestBackend.StartAsync("v1", Cancellation);
        await using var proxy = await StartAsync(backend.Address, time: time);
        Assert.Equal("CN=a", await SubjectAsync(proxy));

        _certificates.Write("a", "after");

        await TestProxy.UntilAsync(
            async () =>
            {
                time.Advance(CertificateStore.Pace);
                return await SubjectAsync(proxy) == "CN=after";
            },
            "the new certificate is shown");
    }

    private static async Task<string> SubjectAsync(TestProxy proxy)
    {
        var subject = "";
        using var client = TlsClient.New(proxy, Best, shown: certificate => subject = certificate.Subject);
        await client.GetStringAsync("/", Cancellation);
        return subject;
    }

    private static string[] OffersOf(HttpResponseMessage answer) => answer.Headers.TryGetValues("Alt-Svc", out var values) ? [.. values] : [];

    private Task<TestProxy> StartAsync(Uri backend, Func<ProxyOptions, ProxyOptions>? change = null, TimeProvider? time = null) => TestProxy.StartAsync(
        Cancellation,
        Snapshots.Of(1, Snapshots.At(backend)),
        options =>
        {
            var withTls = options with { ListenTls = [new IPEndPoint(IPAddress.Loopback, 0)], Tls = new TlsOptions { Certificates = [_certificates.Write("a", "a")] } };
            return change?.Invoke(withTls) ?? withTls;
        },
        time: time);
}
