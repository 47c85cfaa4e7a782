using System.Collections.Immutable;
using System.Globalization;
using System.Text;
using MeshCanary.Analysis.Judging;
using MeshCanary.Controller.Metrics;
using MeshCanary.Controller.Metrics.Prometheus;
using MeshCanary.Controller.Metrics.Prometheus.Access;
using MeshCanary.Controller.Metrics.Prometheus.Asking;
using MeshCanary.Controller.Workloads;
using MeshCanary.Rollouts.Revisions;
using MeshCanary.Rollouts.Specs;
using MeshCanary.Testing.Backends;
using MeshCanary.Testing.Scraping;
using MeshCanary.Testing.Waiting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging.Abstractions;

namespace MeshCanary.Functional.Tests.Sources;

/// <summary>
/// What meshes and gateways are documented to tell (names and labels as in the pages of Istio's standard metrics, Linkerd's proxy metrics, Envoy
/// Gateway's proxy metrics and ingress-nginx's monitoring), scraped by a real Prometheus and judged by each preset.
/// </summary>
public sealed class PresetTests
{
    private const double StableRate = 100, CanaryRate = 25, CanaryFailures = 0.3;

    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(2);

    private static readonly ImmutableArray<Revision> Versions =
        [new Revision { Name = "v1", Addresses = [] }, new Revision { Name = "v2", Addresses = [] }];

    // A series of requests with a status, and the one of its durations, by preset. {0} is the version's hash.
    private static readonly ImmutableDictionary<MetricPreset, Told> Documented = new Dictionary<MetricPreset, Told>
    {
        [MetricPreset.Istio] = new(
            "istio_requests_total", "istio_request_duration_milliseconds", 1000,
            status => $"reporter=\"destination\",destination_workload_namespace=\"shop\",destination_service_name=\"web-mc-{{0}}\",pod=\"web-{{0}}-x1\",response_code=\"{status}\",response_flags=\"-\",connection_security_policy=\"mutual_tls\""),
        [MetricPreset.Linkerd] = new(
            "response_total", "response_latency_ms", 1000,
            status => $"direction=\"inbound\",namespace=\"shop\",pod=\"web-{{0}}-x1\",tls=\"true\",status_code=\"{status}\",classification=\"{(status < 500 ? "success" : "failure")}\""),
        [MetricPreset.EnvoyGateway] = new(
            "envoy_cluster_upstream_rq", "envoy_cluster_upstream_rq_time", 1000,
            status => $"envoy_cluster_name=\"httproute/shop/web-mc-{{0}}/rule/0\",envoy_response_code=\"{status}\"") { OfRequestsAlone = "envoy_response_code" },
        [MetricPreset.Nginx] = new(
            "nginx_ingress_controller_requests", "nginx_ingress_controller_request_duration_seconds", 1,
            status => $"namespace=\"shop\",ingress=\"web\",service=\"web-mc-{{0}}\",method=\"GET\",status=\"{status}\""),
    }.ToImmutableDictionary();

    private static readonly ImmutableDictionary<string, RevisionPods> Pods = ImmutableDictionary<string, RevisionPods>.Empty
        .Add("v1", new RevisionPods(["web-aaa"], ["web-mc-aaa"])).Add("v2", new RevisionPods(["web-bbb"], ["web-mc-bbb"]));

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task FailingVersion_ToldByEveryPreset_Fails()
    {
        var begin = TimeProvider.System.GetTimestamp();
        await using var told = await TestBackend.StartAsync("metrics", Cancellation);
        told.Answer = http => http.Response.WriteAsync(Exposition(TimeProvider.System.GetElapsedTime(begin).TotalSeconds), Cancellation);
        await using var prometheus = await PrometheusServer.StartAsync([told.HostAndPort], Cancellation);
        await Task.WhenAll(Documented.Keys.Select(preset => FailsAsync(prometheus, preset)));
    }

    private static async Task FailsAsync(PrometheusServer prometheus, MetricPreset preset)
    {
        var metrics = new SourceMetrics(Prometheus.Metrics.WithCustomRegistry(Prometheus.Metrics.NewCustomRegistry()));
        var tools = new SourceTools(new PrometheusClient(TimeProvider.System), new FolderCredentials(), metrics, TimeProvider.System, NullLogger.Instance);
        using var source = new PrometheusMetricSource(tools, _ => { });
        var now = TimeProvider.System.GetUtcNow();
        var spec = new SourceSpec { Type = SourceSpec.PrometheusType, Prometheus = new PrometheusSpec { Address = prometheus.Address.AbsoluteUri, Preset = preset } };
        var plan = new CollectionPlan
        {
            Id = "r1",
            Anchor = now,
            Interval = Interval,
            CountedThrough = now,
            Held = true,
            Canary = new CountedCanary("shop", "web", spec, IsProxied: false, Versions, Pods),
        };
        MetricReading? reading = null;
        CanaryJudge? judge = null;
        var seen = 0;
        await Eventually.TrueAsync(
            () =>
            {
                reading = source.Query("shop/web", plan);
                foreach (var window in reading.Windows.Skip(seen))
                {
                    seen++;
                    var sample = window.Sample("v1", "v2");
                    Assert.Equal(0, sample.Stable.Errors);
                    if (judge is null)
                        (judge = new CanaryJudge(new AnalysisSettings { ErrorOverdispersion = 1, LatencyOverdispersion = 1, LatencyBoundaries = reading.LatencyBoundaries })).Warm(sample);
                    else
                        judge.Observe(sample);
                    // Only what was scraped between a window's ends is counted in it: within one scrape at either end.
                    Assert.InRange(sample.Stable.Requests, StableRate * Interval.TotalSeconds / 2, StableRate * Interval.TotalSeconds * 1.5);
                    Assert.InRange(sample.Canary.Requests, CanaryRate * Interval.TotalSeconds / 2, CanaryRate * Interval.TotalSeconds * 1.5);
                }

                return judge?.Assess().Kind == VerdictKind.Fail;
            },
            TimeSpan.FromSeconds(90), $"{preset} shows that the version fails", () => $"{seen} windows, {judge?.Assess().Reason} {reading?.Problem}\n{prometheus.Describe()}", Cancellation);
        Assert.Contains("errors: canary", judge!.Assess().Reason, StringComparison.Ordinal);
    }

    private static string Exposition(double seconds)
    {
        var text = new StringBuilder();
        foreach (var told in Documented.Values)
        {
            var durations = new Dictionary<string, long>(StringComparer.Ordinal);
            foreach (var (hash, status, rate) in new[] { ("aaa", 200, StableRate), ("bbb", 200, CanaryRate * (1 - CanaryFailures)), ("bbb", 503, CanaryRate * CanaryFailures) })
            {
                var count = (long)(seconds * rate);
                var labels = told.Labels(status).Replace("{0}", hash, StringComparison.Ordinal);
                text.Append(CultureInfo.InvariantCulture, $"{told.Requests}{{{labels}}} {count}\n");
                var series = string.Join(',', labels.Split(',').Where(label => !label.StartsWith(told.OfRequestsAlone, StringComparison.Ordinal)));
                durations[series] = durations.GetValueOrDefault(series) + count;
            }

            foreach (var (labels, count) in durations)
            {
                foreach (var edge in new[] { 0.005, 0.01, 0.025, 0.05, 0.1 })
                    text.Append(CultureInfo.InvariantCulture, $"{told.Durations}_bucket{{{labels},le=\"{edge * told.UnitsPerSecond}\"}} {(edge < 0.01 ? 0 : count)}\n");
                text.Append(CultureInfo.InvariantCulture, $"{told.Durations}_bucket{{{labels},le=\"+Inf\"}} {count}\n{told.Durations}_count{{{labels}}} {count}\n{told.Durations}_sum{{{labels}}} {count}\n");
            }
        }

        return text.ToString();
    }

    private sealed record Told(string Requests, string Durations, int UnitsPerSecond, Func<int, string> Labels)
    {
        // Envoy does not tell durations by status.
        public string OfRequestsAlone { get; init; } = "\n";
    }
}
