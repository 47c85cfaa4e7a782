using System.Collections.Immutable;
using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using MeshCanary.Controller.Metrics.Prometheus.Asking;
using MeshCanary.Controller.Metrics.Providers;
using MeshCanary.Controller.Metrics.Providers.CloudWatch;
using MeshCanary.Controller.Metrics.Providers.Http;
using MeshCanary.Rollouts.Specs;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Https;
using Microsoft.Extensions.Logging;

namespace MeshCanary.Controller.Tests.Metrics.Providers;

/// <summary>Certificates: who is believed, and what is shown.</summary>
public sealed class ProviderTlsTests : IAsyncLifetime
{
    private readonly X509Certificate2 _server = Certificate("server");
    private readonly X509Certificate2 _client = Certificate("client");
    private readonly ProviderHttp _http = new(TimeProvider.System);
    private readonly PrometheusClient _prometheus = new(TimeProvider.System);
    private WebApplication _app = null!;
    private string? _shown;

    public async ValueTask InitializeAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseKestrelHttpsConfiguration().ConfigureKestrel(options => options.Listen(IPAddress.Loopback, 0, listen => listen.UseHttps(new HttpsConnectionAdapterOptions
        {
            ServerCertificate = _server,
            ClientCertificateMode = ClientCertificateMode.AllowCertificate,
            ClientCertificateValidation = (_, _, _) => true,
        })));
        _app = builder.Build();
        _app.Run(context =>
        {
            _shown = context.Connection.ClientCertificate?.Thumbprint;
            return context.Response.WriteAsync("""{"value":7}""");
        });
        await _app.StartAsync(TestContext.Current.CancellationToken);
    }

    public async ValueTask DisposeAsync()
    {
        _http.Dispose();
        _prometheus.Dispose();
        await _app.DisposeAsync();
        _server.Dispose();
        _client.Dispose();
    }

    [Fact]
    public async Task Authority_ThatNobodyKnows_IsNotBelieved()
    {
        var fault = Assert.IsType<MetricAnswer.Fault>(await AskAsync(null, []));
        Assert.Equal(FaultKind.Refused, fault.Kind);
        Assert.Contains("tls.authority", fault.Reason, StringComparison.Ordinal);
        Assert.IsType<MetricAnswer.Fault>(await AskAsync(new MetricTlsSpec { Authority = _client.ExportCertificatePem() }, []));
    }

    [Fact]
    public async Task Authority_OfTheTemplateOrItsSecret_IsBelieved()
    {
        Assert.IsType<MetricAnswer.Values>(await AskAsync(new MetricTlsSpec { Authority = _server.ExportCertificatePem() }, []));
        Assert.IsType<MetricAnswer.Values>(await AskAsync(null, new() { ["ca.crt"] = _server.ExportCertificatePem() }));
        Assert.IsType<MetricAnswer.Values>(await AskAsync(new MetricTlsSpec { InsecureSkipVerify = true }, []));
        // What one template believes, the next one does not.
        Assert.IsType<MetricAnswer.Fault>(await AskAsync(null, []));
    }

    [Fact]
    public async Task Certificate_OfTheSecret_IsShown()
    {
        Assert.IsType<MetricAnswer.Values>(await AskAsync(null, new() { ["ca.crt"] = _server.ExportCertificatePem(), ["tls.crt"] = _client.ExportCertificatePem(), ["tls.key"] = Key(_client) }));
        Assert.Equal(_client.Thumbprint, _shown);
    }

    [Theory]
    [InlineData("ca.crt", "nothing")]
    [InlineData("tls.crt", "nothing")]
    public async Task Secret_ThatIsNoPem_IsRefused(string key, string value) =>
        Assert.Equal(FaultKind.Refused, Assert.IsType<MetricAnswer.Fault>(await AskAsync(null, new() { [key] = value, ["tls.key"] = "nothing" })).Kind);

    private Task<MetricAnswer> AskAsync(MetricTlsSpec? tls, Dictionary<string, string> secret) =>
        MetricProviders.Standalone(_http, _prometheus, new OwnAwsIdentity(), TimeProvider.System)[MetricProviderTypes.Web].AskAsync(
            new MetricQuestion
            {
                Provider = new MetricProviderSpec { Type = MetricProviderTypes.Web, Address = _app.Urls.First(), Tls = tls, Web = new WebSpec { JsonPath = "$.value" } },
                Namespace = "shop",
                Query = "/",
                From = DateTimeOffset.UnixEpoch,
                To = DateTimeOffset.UnixEpoch.AddMinutes(1),
                Timeout = TimeSpan.FromSeconds(20),
                Credentials = secret.ToImmutableDictionary(),
            },
            TestContext.Current.CancellationToken);

    private static string Key(X509Certificate2 certificate)
    {
        using var key = certificate.GetECDsaPrivateKey()!;
        return key.ExportPkcs8PrivateKeyPem();
    }

    private static X509Certificate2 Certificate(string name)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest($"CN={name}", key, HashAlgorithmName.SHA256);
        var names = new SubjectAlternativeNameBuilder();
        names.AddIpAddress(IPAddress.Loopback);
        request.CertificateExtensions.Add(names.Build());
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(true, false, 0, true));
        var now = TimeProvider.System.GetUtcNow();
        return request.CreateSelfSigned(now.AddHours(-1), now.AddHours(1));
    }
}
