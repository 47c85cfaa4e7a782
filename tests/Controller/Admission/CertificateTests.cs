using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;
using System.Text.Json.Nodes;
using MeshCanary.Controller.Admission.Certifying;
using MeshCanary.Controller.Admission.Serving;
using MeshCanary.Controller.Admission.Validating;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;

namespace MeshCanary.Controller.Tests.Admission;

public sealed class CertificateTests
{
    private readonly FakeTimeProvider _time = new(new DateTimeOffset(2026, 1, 1, 0, 0, 0, TimeSpan.Zero));
    private readonly MemorySecret _secret = new();

    [Fact]
    public async Task Refresh_TwoReplicas_ShowOneCertificate()
    {
        var (one, other) = (new ServingCertificate(), new ServingCertificate());
        // The other one wins the race to create it.
        string? theirs = null;
        _secret.BeforeWrite = () => theirs = Refresh(other);
        var ours = await RefreshAsync(one);
        Assert.Equal(theirs, ours);
        Assert.Equal(other.Present!.Thumbprint, one.Present!.Thumbprint);
        Assert.Equal(1, _secret.Writes);
        await RefreshAsync(one);
        Assert.Equal(1, _secret.Writes);
    }

    // Any certificate that any replica may show is trusted under any bundle that an API server may still have.
    [Fact]
    public async Task Rotation_OverYears_NeverShowsWhatIsNotTrusted()
    {
        var serving = new ServingCertificate();
        var bundle = await RefreshAsync(serving);
        var authorities = new HashSet<string> { bundle.Split("-----END")[0] };
        for (var day = 0; day < 5 * 365; day += 5)
        {
            var (before, shown) = (bundle, serving.Present!);
            _time.Advance(TimeSpan.FromDays(5));
            bundle = await RefreshAsync(serving);
            Assert.True(IsTrusted(serving.Present!, before), $"day {day}: the new certificate under the bundle of before");
            Assert.True(IsTrusted(shown, bundle), $"day {day}: the certificate of before under the new bundle");
            authorities.Add(bundle.Split("-----END")[0]);
        }

        Assert.True(authorities.Count > 2, "the authority itself is renewed");
    }

    [Fact]
    public async Task Secret_Spoilt_IsMadeAnew()
    {
        var serving = new ServingCertificate();
        await RefreshAsync(serving);
        var before = serving.Present!.Thumbprint;
        _secret.Set(new Dictionary<string, string> { ["ca.crt"] = "x", ["ca.key"] = "y", ["tls.crt"] = "z", ["tls.key"] = "-" });
        Assert.True(IsTrusted(serving.Present!, await RefreshAsync(serving)) || serving.Present!.Thumbprint != before);
        Assert.NotEqual(before, serving.Present!.Thumbprint);
    }

    [Fact]
    public async Task Server_CertificateRenewed_ShowsItWithoutARestart()
    {
        var serving = new ServingCertificate();
        var plan = new CertificatePlan(["127.0.0.1"]);
        var now = TimeProvider.System.GetUtcNow();
        var (first, second) = (plan.Advance(null, now), plan.Advance(null, now));
        serving.Show(second.Serving.ReadWithKey());
        await using var host = await WebhookHost.StartAsync([new CanaryRule(new None())], serving, first.Bundle);
        var fault = await Assert.ThrowsAsync<HttpRequestException>(() => host.AskAsync("/canaries", Request()));
        Assert.IsType<AuthenticationException>(fault.InnerException);
        serving.Show(first.Serving.ReadWithKey());
        Assert.True((bool)(await host.AskAsync("/canaries", Request()))["allowed"]!);
    }

    private static JsonObject Request() => new() { ["operation"] = "DELETE", ["name"] = "x", ["namespace"] = "shop" };

    private string Refresh(ServingCertificate serving) => RefreshAsync(serving).GetAwaiter().GetResult();

    private Task<string> RefreshAsync(ServingCertificate serving) =>
        new CertificateKeeper(_secret, new CertificatePlan(["webhooks.meshcanary.svc"]), serving, _time, NullLogger<CertificateKeeper>.Instance).RefreshAsync(TestContext.Current.CancellationToken);

    private bool IsTrusted(X509Certificate2 certificate, string bundle)
    {
        using var chain = new X509Chain();
        chain.ChainPolicy.TrustMode = X509ChainTrustMode.CustomRootTrust;
        chain.ChainPolicy.CustomTrustStore.ImportFromPem(bundle);
        chain.ChainPolicy.RevocationMode = X509RevocationMode.NoCheck;
        chain.ChainPolicy.VerificationTime = _time.GetUtcNow().UtcDateTime;
        return chain.Build(certificate) && certificate.MatchesHostname("webhooks.meshcanary.svc");
    }

    private sealed class None : ICanaryClaims
    {
        public IEnumerable<CanaryClaim> In(string @namespace) => [];
    }
}
