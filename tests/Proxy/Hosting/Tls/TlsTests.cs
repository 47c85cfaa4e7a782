using System.Net;
using MeshCanary.Proxy.Hosting;
using MeshCanary.Proxy.Hosting.Tls;
using MeshCanary.Proxy.Tests.Harness;
using MeshCanary.Testing.Backends;
using MeshCanary.Testing.Files;
using Microsoft.AspNetCore.Http;

namespace MeshCanary.Proxy.Tests.Hosting.Tls;

public sealed class TlsTests : IDisposable
{
    private readonly TempFolder _folder = new();
    private readonly TestCertificates _certificates;

    public TlsTests() => _certificates = new TestCertificates(_folder);

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public void Dispose()
    {
        _certificates.Dispose();
        _folder.Dispose();
    }

    [Theory]
    [InlineData("1.1")]
    [InlineData("2.0")]
    public async Task Tls_ProtocolOfTheClient_IsSpokenBesideCleartext(string version)
    {
        await using var backend = await TestBackend.StartAsync(new TestBackendOptions { Answer = context => context.Response.WriteAsync(context.Request.Headers["X-Forwarded-Proto"].ToString(), Cancellation) }, Cancellation);
        await using var proxy = await StartAsync(backend, new TlsOptions { Certificates = [_certificates.Write("a", "a")] });
        using var client = TlsClient.New(proxy, Version.Parse(version));

        using var answer = await client.GetAsync("/", Cancellation);

        Assert.Equal(Version.Parse(version), answer.Version);
        Assert.Equal("https", await answer.Content.ReadAsStringAsync(Cancellation));
        Assert.Equal("http", await proxy.Client.GetStringAsync("/", Cancellation));
    }

    [Theory]
    [InlineData("a.example", "CN=a")]
    [InlineData("A.Example", "CN=a")]
    [InlineData("shop.b.example", "CN=b")]
    [InlineData("deep.shop.b.example", "CN=a")]
    [InlineData("unknown.example", "CN=a")]
    [InlineData("c.example", "CN=c")]
    [InlineData(null, "CN=a")]
    public async Task Tls_SeveralCertificates_AreChosenByName(string? host, string expected)
    {
        Directory.CreateDirectory(_folder.PathOf("more/c"));
        _certificates.Write("more/c/tls", "c", "c.example");
        _certificates.Write("more/b", "b", "*.b.example");
        await using var backend = await TestBackend.StartAsync("v1", Cancellation);
        await using var proxy = await StartAsync(
            backend, new TlsOptions { Certificates = [_certificates.Write("a", "a", "a.example")], CertificateFolder = _folder.PathOf("more") });

        Assert.Equal((expected, "ok"), await TlsClient.AskAsync(proxy, host, Cancellation));
    }

    [Theory]
    [InlineData(ClientCertificates.Required, true, true, true)]
    [InlineData(ClientCertificates.Required, false, true, false)]
    [InlineData(ClientCertificates.Required, true, false, false)]
    [InlineData(ClientCertificates.Optional, false, true, true)]
    [InlineData(ClientCertificates.Optional, true, false, false)]
    public async Task Tls_ClientCertificate_DecidesWhoIsServed(ClientCertificates rule, bool shows, bool isKnown, bool served)
    {
        using var strangers = new TestCertificates(_folder);
        using var own = (isKnown ? _certificates : strangers).Sign("Zoë, \"the\" client");
        await using var backend = await TestBackend.StartAsync(new TestBackendOptions { Answer = Tell }, Cancellation);
        await using var proxy = await StartAsync(backend, new TlsOptions
        {
            Certificates = [_certificates.Write("a", "a")], ClientAuthorityFile = _certificates.AuthorityFile, ClientCertificates = rule, ForwardClientCertificate = true,
        });
        using var client = TlsClient.New(proxy, HttpVersion.Version20, own: shows ? own : null);
        client.DefaultRequestHeaders.Add("X-Forwarded-Client-Cert", "Subject=\"CN=admin\"");

        if (!served)
        {
            await Assert.ThrowsAsync<HttpRequestException>(() => client.GetStringAsync("/", Cancellation));
            return;
        }

        var told = await client.GetStringAsync("/", Cancellation);
        Assert.Equal(shows ? ClientIdentity.Describe(own) : "", told);
        Assert.DoesNotContain("admin", told, StringComparison.Ordinal);
        if (shows)
            Assert.Contains("Zo%C3%AB", told, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Cleartext_ClientSaysWhoItIs_IsNotBelieved()
    {
        await using var backend = await TestBackend.StartAsync(new TestBackendOptions { Answer = Tell }, Cancellation);
        await using var proxy = await TestProxy.StartAsync(Cancellation, Snapshots.Of(1, Snapshots.At(backend.Address)));
        proxy.Client.DefaultRequestHeaders.Add("X-Forwarded-Client-Cert", "Subject=\"CN=admin\"");

        Assert.Equal("", await proxy.Client.GetStringAsync("/", Cancellation));
    }

    [Theory]
    [InlineData("absent", "absent.crt")]
    [InlineData("broken", "broken.crt")]
    [InlineData("crossed", "crossed.crt")]
    public async Task Start_CertificateCannotBeUsed_NamesTheFile(string name, string says)
    {
        _folder.Write("broken.crt", "nothing");
        _folder.Write("broken.key", "nothing");
        _folder.Write("crossed.crt", _certificates.Issue("x").Certificate);
        _folder.Write("crossed.key", _certificates.Issue("y").Key);
        var options = TestProxy.Options(new Uri("http://127.0.0.1:1")) with
        {
            ListenTls = [new IPEndPoint(IPAddress.Loopback, 0)],
            Tls = new TlsOptions { Certificates = [new CertificateFiles(_folder.PathOf($"{name}.crt"), _folder.PathOf($"{name}.key"))] },
        };

        var fault = await Record.ExceptionAsync(() => ProxyServer.StartAsync(options, TimeProvider.System, new LogSink(), Cancellation));

        Assert.True(fault is IOException or InvalidDataException, $"{fault}");
        Assert.Contains(says, fault.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Start_TlsWithoutCertificate_SaysSo()
    {
        var options = TestProxy.Options(new Uri("http://127.0.0.1:1")) with { ListenTls = [new IPEndPoint(IPAddress.Loopback, 0)] };
        var fault = await Assert.ThrowsAsync<InvalidDataException>(() => ProxyServer.StartAsync(options, TimeProvider.System, new LogSink(), Cancellation));
        Assert.Contains("certificate", fault.Message, StringComparison.Ordinal);
    }

    private static Task Tell(HttpContext context) => context.Response.WriteAsync(context.Request.Headers["X-Forwarded-Client-Cert"].ToString(), Cancellation);

    private static Task<TestProxy> StartAsync(TestBackend backend, TlsOptions tls) => TestProxy.StartAsync(
        Cancellation, Snapshots.Of(1, Snapshots.At(backend.Address)), options => options with { ListenTls = [new IPEndPoint(IPAddress.Loopback, 0)], Tls = tls });
}
