using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using MeshCanary.Controller.Hosting;
using MeshCanary.Controller.Tests.Support;
using MeshCanary.Rollouts.Specs;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;

namespace MeshCanary.Controller.Tests.Hosting;

public sealed class StartTests : IDisposable
{
    private readonly TempFolder _folder = new();
    private readonly Backend _v1 = new();

    public void Dispose()
    {
        _v1.Dispose();
        _folder.Dispose();
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Port_InUse_IsNamedWithARemedyAndNothingStaysOpen(bool api)
    {
        using var taken = new TcpListener(IPAddress.Loopback, 0);
        taken.Start();
        var address = (IPEndPoint)taken.LocalEndpoint;
        var options = api ? Options() with { Api = address } : Options() with { Control = address };

        var failure = await Assert.ThrowsAsync<IOException>(() => StartAsync(options));
        Assert.Contains(address.ToString(), failure.Message, StringComparison.Ordinal);
        Assert.Contains("choose another one", failure.Message, StringComparison.Ordinal);
        taken.Stop();
        await using (await StartAsync(options))
        {
        }
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Port_InUse_IsThrownAndNotLoggedAsWell(bool api)
    {
        using var taken = new TcpListener(IPAddress.Loopback, 0);
        taken.Start();
        var address = (IPEndPoint)taken.LocalEndpoint;
        using var log = new LogSink();
        await Assert.ThrowsAsync<IOException>(() => TestController.StartAsync(api ? Options() with { Api = address } : Options() with { Control = address }, new FakeTimeProvider(), log));
        Assert.DoesNotContain(log.Lines, line => line.Failure is not null);
    }

    [Fact]
    public async Task Requests_Served_AreNotLoggedOneByOne()
    {
        using var log = new LogSink();
        await using var controller = await TestController.StartAsync(Options(), new FakeTimeProvider(), log);
        await using var proxy = new FakeProxy("edge");
        await proxy.ConnectAsync(controller.Server.Control);
        await controller.Until(view => view.Proxies.Length == 1, "The proxy does not connect");
        Assert.DoesNotContain(log.Lines, line => line.Category.StartsWith("Microsoft.", StringComparison.Ordinal) || line.Category.StartsWith("Grpc.", StringComparison.Ordinal));
        Assert.Contains(log.Lines, line => line.Text.Contains("edge", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Stable_ThatDoesNotAnswer_IsNamedAndNothingIsKept()
    {
        using var nowhere = new Backend(answers: false);
        var options = Options(nowhere.Address) with { RequireStable = true };

        var failure = await Assert.ThrowsAsync<IOException>(() =>
            ControllerServer.StartAsync(options, TimeProvider.System, NullLoggerFactory.Instance, TestContext.Current.CancellationToken));
        Assert.Contains(nowhere.Address, failure.Message, StringComparison.Ordinal);
        Assert.Contains("spec.workload.stable", failure.Message, StringComparison.Ordinal);

        await using var later = await TestController.StartAsync(Options() with { RequireStable = true }, new FakeTimeProvider());
        var events = await later.EventsAsync();
        Assert.Equal("CanaryAdded", events[0].Kind);
    }

    [Theory]
    [InlineData(true, false, false)]
    [InlineData(false, true, false)]
    [InlineData(false, false, true)]
    [InlineData(false, false, false)]
    public async Task Address_BeyondLoopback_NeedsTokenAndCertificateAndIsNeverForTheApi(bool api, bool token, bool certificate)
    {
        var anywhere = new IPEndPoint(IPAddress.Any, 0);
        var options = Options() with
        {
            Api = api ? anywhere : new IPEndPoint(IPAddress.Loopback, 0),
            Control = api ? new IPEndPoint(IPAddress.Loopback, 0) : anywhere,
            TokenFile = token ? _folder.File("token") : null,
            CertificateFile = certificate ? _folder.File("cert.pem") : null,
        };
        var failure = await Assert.ThrowsAsync<IOException>(() => StartAsync(options));
        Assert.Contains("0.0.0.0", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task TokenFile_ThatIsAFolder_IsSaidToBeOne()
    {
        var failure = await Assert.ThrowsAsync<IOException>(() => StartAsync(Options() with { TokenFile = _folder.Path }));
        Assert.Contains($"{_folder.Path} is a folder", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Provider_Unknown_IsNamedWithThoseThereAre()
    {
        var manifest = TestController.Manifest("checkout", _v1.Address);
        manifest = manifest with { Spec = manifest.Spec with { Router = "carrierPigeon" } };
        var failure = await Assert.ThrowsAsync<IOException>(() => StartAsync(Options() with { Canaries = [manifest] }));
        Assert.Contains("'carrierPigeon'", failure.Message, StringComparison.Ordinal);
        Assert.Contains("proxy", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Providers_TwoOfOneName_AreRefused() =>
        Assert.Throws<ArgumentException>(() => new ProviderSet<string>("letter", letter => letter, "a", "b", "a"));

    [Fact]
    public async Task Canaries_ThatServeTheSamePlace_AreRefused()
    {
        var one = TestController.Manifest("one", _v1.Address);
        var two = TestController.Manifest("two", _v1.Address);
        two = two with { Spec = two.Spec with { Service = new ServiceSpec { Name = "two", PathPrefix = "/one" } } };
        var failure = await Assert.ThrowsAsync<IOException>(() => StartAsync(Options() with { Canaries = [one, two] }));
        Assert.Contains("shop/one and shop/two", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Certificate_Given_ServesProxiesOverTls()
    {
        using var key = RSA.Create(2048);
        var request = new CertificateRequest("CN=localhost", key, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
        using var certificate = request.CreateSelfSigned(TimeProvider.System.GetUtcNow().AddDays(-1), TimeProvider.System.GetUtcNow().AddDays(1));
        await File.WriteAllTextAsync(_folder.File("cert.pem"), certificate.ExportCertificatePem(), TestContext.Current.CancellationToken);
        await File.WriteAllTextAsync(_folder.File("key.pem"), key.ExportPkcs8PrivateKeyPem(), TestContext.Current.CancellationToken);
        await using var controller = await StartAsync(Options() with { CertificateFile = _folder.File("cert.pem"), CertificateKeyFile = _folder.File("key.pem") });
        await using var proxy = new FakeProxy("edge");
        var thumbprint = certificate.Thumbprint;
        await proxy.ConnectAsync(controller.Server.Control, handler: new SocketsHttpHandler
        {
            SslOptions = { RemoteCertificateValidationCallback = (_, shown, _, _) => ((X509Certificate2)shown!).Thumbprint == thumbprint },
        });
        await Eventually.Holds(() => proxy.Newest is not null, "No snapshot arrives");
    }

    [Fact]
    public async Task Certificate_Unreadable_IsNamed()
    {
        await File.WriteAllTextAsync(_folder.File("cert.pem"), "not a certificate", TestContext.Current.CancellationToken);
        var failure = await Assert.ThrowsAsync<IOException>(() => StartAsync(Options() with { CertificateFile = _folder.File("cert.pem") }));
        Assert.Contains("cert.pem", failure.Message, StringComparison.Ordinal);
    }

    private ControllerOptions Options(string? stable = null) => TestController.Options(_folder.File("state"), TestController.Manifest("checkout", stable ?? _v1.Address));

    private static Task<TestController> StartAsync(ControllerOptions options) => TestController.StartAsync(options, new FakeTimeProvider());
}
