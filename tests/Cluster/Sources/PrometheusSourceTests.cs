using MeshCanary.Cluster.Tests.Scenarios;
using MeshCanary.TestCluster.Isolation;
using MeshCanary.Testing.Scraping;

namespace MeshCanary.Cluster.Tests.Sources;

/// <summary>A service judged by what its own pods tell a real Prometheus, by the names of their ReplicaSets.</summary>
[Collection(Installed.Name)]
public sealed class PrometheusSourceTests(Installation installation)
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task BadThenGoodVersion_CountedByPrometheus_AreRolledBackAndPromoted()
    {
        await using var shop = await Shop.OpenAsync(installation, 2, Stop);
        await using var pods = new PodDirectory(shop.Space, Shop.Name);
        await using var prometheus = await PrometheusServer.FindingAsync($"file_sd_configs: [{{ files: ['{pods.File}'], refresh_interval: 1s }}]", Stop, OwnNamespace.Gateway);
        await shop.Space.ApplyAsync("apiVersion: v1\nkind: Secret\nmetadata: { name: prometheus-credentials }\nstringData: { header.X-Scope-OrgID: shop }", Stop);
        var source = $$"""
                source:
                  type: prometheus
                  address: {{prometheus.Address}}
                  secretRef: { name: prometheus-credentials }
                  matchers: 'namespace="{{shop.Space.Name}}"'
                  revisions: { label: pod, by: replicaSet }
                  requests: { metric: http_requests_total, errors: [{ label: code, regex: "5.." }] }
                  latency: { metric: http_request_duration_seconds, unit: s }
            """;
        var manifest = Shop.Manifest(Shop.Name, "[{ weight: 20, minDuration: 4s, maxDuration: 120s }, { weight: 50, minDuration: 4s, maxDuration: 120s }]", bake: "4s")
            .Replace("interval: 1s", "interval: 2s", StringComparison.Ordinal);
        await shop.Space.ApplyAsync($"{manifest.TrimEnd()}\n{source}", Stop);
        await shop.PhaseAsync("Stable", Stop);

        await shop.DeployAsync("v2", Stop, "--error-rate", "0.15");
        var failed = await shop.PhaseAsync("Failed", Stop);
        Assert.Contains("errors: canary", Shop.Text(failed.GetProperty("verdict"), "reason"), StringComparison.Ordinal);

        await shop.DeployAsync("v3", Stop, "--error-rate", "0");
        await shop.PhaseAsync("Baking", Stop);
        await shop.UntilAsync("v1 is gone", async () => (await shop.PodsAsync("v1", Stop)).Count == 0, Stop);
        await shop.PhaseAsync("Stable", Stop);
        await shop.CloseAsync();
    }
}
