using MeshCanary.Cluster.Tests.Harness;
using MeshCanary.Cluster.Tests.Scenarios;
using MeshCanary.TestCluster.Isolation;
using MeshCanary.Testing.Scraping;

namespace MeshCanary.Cluster.Tests.Sources;

/// <summary>Versions judged by templates of metrics too, which are objects of the cluster and asked of a real Prometheus about an arm's own pods.</summary>
[Collection(Installed.Name)]
public sealed class CustomMetricTests(Installation installation)
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Metrics_OfTemplates_HoldUntilTheyAreThereThenPassThenFail()
    {
        await using var shop = await Shop.OpenAsync(installation, 2, Stop);
        await using var pods = new PodDirectory(shop.Space, Shop.Name);
        await using var prometheus = await PrometheusServer.FindingAsync($"file_sd_configs: [{{ files: ['{pods.File}'], refresh_interval: 1s }}]", Stop, OwnNamespace.Gateway);
        using var kubectl = new Kubectl(shop.Space);
        var failures = """
            - name: failures
              template: failures
              interval: 4s
              delay: 2s
              counts: { tolerate: { absolute: 1% }, harm: { absolute: 10% }, overdispersion: 1 }
            """;
        await shop.Space.ApplyAsync(Canary(failures), Stop);
        await shop.PhaseAsync("Stable", Stop);

        // What the proxies counted is fine. The template is not there, so it is not promoted all the same.
        await shop.DeployAsync("v2", Stop);
        await shop.UntilAsync("the run waits for its template", status => Reason(status).Contains("Required metric failures is open", StringComparison.Ordinal), Stop);

        var refused = await kubectl.RefusedAsync("apply -f -", Template("failures", prometheus.Address, "sum(orders{pod=~\"{{ pods }}\"})"));
        Assert.Contains("pods", refused, StringComparison.Ordinal);
        await kubectl.RunAsync("apply -f -", Template(
            "failures", prometheus.Address,
            "sum(increase(http_requests_total{pod=~\"{{ podRegex }}\",code=~\"5..\"}[{{ interval }}])) or vector(0)",
            "sum(increase(http_requests_total{pod=~\"{{ podRegex }}\"}[{{ interval }}]))"));
        await shop.PhaseAsync("Baking", Stop);
        await shop.UntilAsync("v1 is gone", async () => (await shop.PodsAsync("v1", Stop)).Count == 0, Stop);
        await shop.PhaseAsync("Stable", Stop);

        // A limit that nothing can keep, on the number of the canary's pods: errors and latency see no fault.
        await kubectl.RunAsync("apply -f -", Template("pods", prometheus.Address, "count(up{pod=~\"{{ podRegex }}\"})"));
        await shop.Space.ApplyAsync(Canary("""
            - name: pods
              template: pods
              interval: 4s
              delay: 2s
              guard: { max: 0, intervals: 2 }
            """), Stop);
        await shop.DeployAsync("v3", Stop);
        Assert.Contains("pods", Reason(await shop.PhaseAsync("Failed", Stop)), StringComparison.Ordinal);
        await shop.CloseAsync();
    }

    private static string Reason(System.Text.Json.JsonElement status) =>
        status.TryGetProperty("verdict", out var verdict) ? Shop.Text(verdict, "reason") : "";

    private static string Canary(string metric) =>
        $"{Shop.Manifest(Shop.Name, "[{ weight: 50, minDuration: 4s, maxDuration: 120s }]").TrimEnd()}\n    metrics:\n{string.Join('\n', metric.Split('\n').Select(line => $"      {line}"))}";

    private static string Template(string name, Uri prometheus, string query, string? total = null) =>
        $"""
        apiVersion: meshcanary.io/v1alpha1
        kind: MetricTemplate
        metadata: {"{"} name: {name} {"}"}
        spec:
          provider: {"{"} type: prometheus, address: "{prometheus}" {"}"}
          query: '{query}'
        {(total is null ? "" : $"  totalQuery: '{total}'")}
        """;
}
