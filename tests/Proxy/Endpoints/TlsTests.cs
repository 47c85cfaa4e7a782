using System.Security.Cryptography.X509Certificates;
using MeshCanary.Contracts.V1;
using MeshCanary.Proxy.Endpoints;
using MeshCanary.Testing.Files;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.Logging;

namespace MeshCanary.Proxy.Tests.Endpoints;

public sealed class TlsTests : IDisposable
{
    private readonly TestBoard _board = new();
    private readonly TempFolder _folder = new();
    private readonly TestAuthority _authority = new("authority");
    private readonly TestAuthority _other = new("other");

    public void Dispose()
    {
        _board.Dispose();
        _folder.Dispose();
        _authority.Dispose();
        _other.Dispose();
    }

    [Theory]
    [InlineData("127.0.0.1", "", true)]
    [InlineData("shop.internal", "shop.internal", true)]
    [InlineData("shop.internal", "", false)]
    [InlineData("127.0.0.1", "shop.internal", false)]
    public async Task Certificate_MustBeForTheNameAskedFor(string certified, string asked, bool trusted)
    {
        using var certificate = _authority.Sign("server", certified);
        await using var upstream = await Upstream.StartAsync(HttpProtocols.Http1AndHttp2, certificate);
        var endpoint = Of(upstream, new UpstreamTls { AuthorityFile = _folder.Write("ca.pem", _authority.Pem), ServerName = asked });

        Assert.Equal(trusted ? null : HttpRequestError.SecureConnectionError, await FaultAsync(endpoint));
        if (trusted)
            Assert.Equal(asked, upstream.Names.Single());
    }

    [Fact]
    public async Task Authorities_FileChanges_NewConnectionsUseIt()
    {
        using var certificate = _authority.Sign("server", "127.0.0.1");
        await using var upstream = await Upstream.StartAsync(HttpProtocols.Http1, certificate);
        var file = _folder.Write("ca.pem", _other.Pem);
        var endpoint = Of(upstream, new UpstreamTls { AuthorityFile = file });
        Assert.Equal(HttpRequestError.SecureConnectionError, await FaultAsync(endpoint));

        await File.WriteAllTextAsync(file, _authority.Pem, TestContext.Current.CancellationToken);
        _board.Time.Advance(TimeSpan.FromSeconds(1));
        Assert.Null(await FaultAsync(endpoint));

        // Neither file is usable, and each is told once.
        await File.WriteAllTextAsync(file, "nothing", TestContext.Current.CancellationToken);
        _board.Time.Advance(TimeSpan.FromSeconds(1));
        Assert.Null(await FaultAsync(endpoint));
        File.Delete(file);
        _board.Time.Advance(TimeSpan.FromSeconds(1));
        Assert.Null(await FaultAsync(endpoint));
        _board.Time.Advance(TimeSpan.FromSeconds(1));
        Assert.Null(await FaultAsync(endpoint));

        var told = _board.Log.Lines.Where(line => line.Level == LogLevel.Error).Select(line => line.Text).ToArray();
        Assert.Equal(2, told.Length);
        Assert.Contains("holds no certificate in PEM form", told[0], StringComparison.Ordinal);
        Assert.Contains("cannot be read", told[1], StringComparison.Ordinal);
    }

    [Fact]
    public async Task OwnCertificate_FilesChange_NewConnectionsShowTheNewOne()
    {
        using var certificate = _authority.Sign("server", "127.0.0.1");
        await using var upstream = await Upstream.StartAsync(HttpProtocols.Http1, certificate);
        using var first = _authority.Sign("first");
        using var second = _authority.Sign("second");
        var tls = new UpstreamTls
        {
            AuthorityFile = _folder.Write("ca.pem", _authority.Pem),
            CertificateFile = _folder.Write("tls.crt", first.ExportCertificatePem()),
            KeyFile = _folder.Write("tls.key", Key(first)),
        };
        var endpoint = Of(upstream, tls);
        Assert.Null(await FaultAsync(endpoint));

        // Half of the change: certificate and key do not fit together, so the old pair is still shown.
        _folder.Write("tls.crt", second.ExportCertificatePem());
        _board.Time.Advance(TimeSpan.FromSeconds(1));
        Assert.Null(await FaultAsync(endpoint));
        _folder.Write("tls.key", Key(second));
        _board.Time.Advance(TimeSpan.FromSeconds(1));
        Assert.Null(await FaultAsync(endpoint));

        Assert.Equal(["CN=first", "CN=first", "CN=second"], upstream.Clients);
    }

    [Fact]
    public async Task Version_IsNegotiated()
    {
        using var certificate = _authority.Sign("server", "127.0.0.1");
        var tls = new UpstreamTls { AuthorityFile = _folder.Write("ca.pem", _authority.Pem) };
        await using var both = await Upstream.StartAsync(HttpProtocols.Http1AndHttp2, certificate);
        await using var old = await Upstream.StartAsync(HttpProtocols.Http1, certificate);

        foreach (var (upstream, version) in new[] { (both, 2), (old, 1) })
        {
            using var response = await SendAsync(Of(upstream, tls));
            Assert.Equal(version, response.Version.Major);
        }
    }

    private static string Key(X509Certificate2 certificate) => certificate.GetECDsaPrivateKey()!.ExportPkcs8PrivateKeyPem();

    private static async Task<HttpResponseMessage> SendAsync(Endpoint endpoint, bool close = false)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, endpoint.Prefix)
        {
            Version = endpoint.Client.Version,
            VersionPolicy = endpoint.Client.VersionPolicy,
        };
        // As the proxy sends it: the client's host, which is not the upstream's.
        request.Headers.Host = "shop.example";
        if (close)
            request.Headers.ConnectionClose = true;
        return await endpoint.Client.Invoker.SendAsync(request, TestContext.Current.CancellationToken);
    }

    private static async Task<HttpRequestError?> FaultAsync(Endpoint endpoint)
    {
        try
        {
            using var response = await SendAsync(endpoint, close: true);
            await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
            return null;
        }
        catch (HttpRequestException fault)
        {
            return fault.HttpRequestError;
        }
    }

    private Endpoint Of(Upstream upstream, UpstreamTls tls)
    {
        var arm = TestBoard.Arm($"https://127.0.0.1:{upstream.Port}");
        arm.Tls = tls;
        return _board.Apply(arm).All.Single();
    }
}
