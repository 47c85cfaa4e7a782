using System.Net;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using System.Text.Json.Nodes;
using MeshCanary.Controller.Admission;
using MeshCanary.Controller.Admission.Certifying;
using MeshCanary.Controller.Admission.Serving;
using MeshCanary.Controller.Hosting;
using Microsoft.Extensions.Logging.Abstractions;

namespace MeshCanary.Controller.Tests.Admission;

/// <summary>A real webhook server with a client that trusts its authority only, as an API server does.</summary>
internal sealed class WebhookHost : IAsyncDisposable
{
    private readonly WebHost _host;
    private readonly SocketsHttpHandler _handler = new();
    private readonly HttpClient _client;

    private WebhookHost(WebHost host, string bundle)
    {
        _host = host;
        var roots = new X509Certificate2Collection();
        roots.ImportFromPem(bundle);
        _handler.SslOptions.CertificateChainPolicy = new X509ChainPolicy { TrustMode = X509ChainTrustMode.CustomRootTrust, RevocationMode = X509RevocationMode.NoCheck };
        _handler.SslOptions.CertificateChainPolicy.CustomTrustStore.AddRange(roots);
        // Every request shakes hands anew: a renewed certificate is seen.
        _handler.PooledConnectionLifetime = TimeSpan.Zero;
        _client = new HttpClient(_handler) { BaseAddress = new Uri($"https://127.0.0.1:{host.Address.Port}") };
    }

    public static async Task<WebhookHost> StartAsync(IAdmissionRule rule)
    {
        var serving = new ServingCertificate();
        var keeper = new CertificateKeeper(new MemorySecret(), new CertificatePlan(["127.0.0.1"]), serving, TimeProvider.System, NullLogger<CertificateKeeper>.Instance);
        var bundle = await keeper.RefreshAsync(TestContext.Current.CancellationToken);
        return await StartAsync([rule], serving, bundle);
    }

    public static async Task<WebhookHost> StartAsync(IReadOnlyCollection<IAdmissionRule> rules, ServingCertificate serving, string bundle) =>
        new(await AdmissionServer.StartAsync(new IPEndPoint(IPAddress.Loopback, 0), rules, serving, NullLoggerFactory.Instance, TestContext.Current.CancellationToken), bundle);

    /// <summary>Sends a review as an API server writes it, and gives its response.</summary>
    public async Task<JsonNode> AskAsync(string path, JsonObject request)
    {
        request["uid"] = "705ab4f5-6393-11e8-b7cc-42010a800002";
        request["dryRun"] = false;
        var review = new JsonObject { ["kind"] = "AdmissionReview", ["apiVersion"] = "admission.k8s.io/v1", ["request"] = request };
        using var answer = await PostAsync(path, review.ToJsonString());
        answer.EnsureSuccessStatusCode();
        var read = JsonNode.Parse(await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken))!;
        Assert.Equal("admission.k8s.io/v1", (string?)read["apiVersion"]);
        Assert.Equal("AdmissionReview", (string?)read["kind"]);
        Assert.Equal("705ab4f5-6393-11e8-b7cc-42010a800002", (string?)read["response"]!["uid"]);
        return read["response"]!;
    }

    public async Task<HttpResponseMessage> PostAsync(string path, string body)
    {
        using var content = new StringContent(body, Encoding.UTF8, "application/json");
        return await _client.PostAsync(new Uri(path + "?timeout=3s", UriKind.Relative), content, TestContext.Current.CancellationToken);
    }

    public async ValueTask DisposeAsync()
    {
        _client.Dispose();
        _handler.Dispose();
        await _host.DisposeAsync();
    }
}
