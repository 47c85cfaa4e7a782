using MeshCanary.Rollouts.Specs;


namespace MeshCanary.Controller.Metrics.Prometheus.Naming;

/// <summary>What is written and what presets fill in, as the queries of one Canary. Pure.</summary>
internal static class Presets
{
    // The statuses that our own proxies take for failures.
    private const string GrpcFailures = "2|4|12|13|14|15";

    /// <summary>The queries.</summary>
    public static SourceQueries Resolve(PrometheusSpec spec, CountedCanary canary)
    {
        var preset = spec.Preset is { } known ? Of(known, spec.Revisions?.Label, canary) : null;
        var requests = spec.Requests ?? preset!.Requests;
        var latency = spec.Latency ?? preset!.Latency;
        var how = spec.Revisions ?? preset!.Revisions;
        return new SourceQueries
        {
            Requests = requests.Metric,
            Latency = latency.Metric,
            SecondsPerUnit = latency.IsMilliseconds ? 0.001 : 1,
            Matchers = string.Join(',', new[] { preset?.Matchers ?? "", spec.Matchers }.Where(part => part.Length > 0)),
            Errors = [.. requests.Errors.Select(one => new LabelPattern(one.Label, one.Regex))],
            Ignored = [.. requests.Ignored.Select(one => new LabelPattern(one.Label, one.Regex))],
            Revisions = new RevisionNames(how, canary.Marks(how.By), preset?.Space),
        };
    }

    private static Preset Of(MetricPreset preset, string? label, CountedCanary canary) => preset switch
    {
        MetricPreset.Istio => new Preset(
            // The sidecar of the pod that served saw every request of it, and only it knows the pod.
            $"{PromText.Is("reporter", "destination")},{PromText.Is("destination_workload_namespace", canary.Namespace)}",
            new RequestMetricSpec
            {
                Metric = "istio_requests_total",
                Errors = [new("response_code", "5..|0"), new("grpc_response_status", GrpcFailures)],
                Ignored = [new("response_flags", ".*DC.*"), new("response_code", "499")],
            },
            new LatencyMetricSpec("istio_request_duration_milliseconds", true),
            new RevisionLabelSpec("pod", RevisionMark.ReplicaSet)),
        MetricPreset.Linkerd => new Preset(
            $"{PromText.Is("direction", "inbound")},{PromText.Is("namespace", canary.Namespace)}",
            new RequestMetricSpec { Metric = "response_total", Errors = [new("classification", "failure"), new("status_code", "5..")] },
            new LatencyMetricSpec("response_latency_ms", true),
            new RevisionLabelSpec("pod", RevisionMark.ReplicaSet)),
        MetricPreset.EnvoyGateway => new Preset(
            "",
            new RequestMetricSpec
            {
                Metric = "envoy_cluster_upstream_rq",
                Errors = [new("envoy_response_code", "5..")],
                Ignored = [new("envoy_response_code", "499")],
            },
            new LatencyMetricSpec("envoy_cluster_upstream_rq_time", true),
            new RevisionLabelSpec("envoy_cluster_name", RevisionMark.Service))
        {
            Space = canary.Namespace,
        },
        MetricPreset.Nginx => new Preset(
            // Where a scrape renames what the controller says of Services, it does so with all of it.
            PromText.Is(label?.StartsWith("exported_", StringComparison.Ordinal) == true ? "exported_namespace" : "namespace", canary.Namespace),
            new RequestMetricSpec { Metric = "nginx_ingress_controller_requests", Errors = [new("status", "5..")], Ignored = [new("status", "499")] },
            new LatencyMetricSpec("nginx_ingress_controller_request_duration_seconds", false),
            new RevisionLabelSpec("service", RevisionMark.Service)),
        MetricPreset.Meshcanary => new Preset(
            PromText.Is("route", canary.Key),
            new RequestMetricSpec
            {
                Metric = "meshcanary_proxy_requests_total",
                Errors = [new("class", "server_error|grpc_error|connection_failure|timeout")],
                Ignored = [new("class", "client_abort")],
            },
            new LatencyMetricSpec("meshcanary_proxy_request_duration_seconds", false),
            new RevisionLabelSpec("revision", RevisionMark.Name)),
        _ => throw new ArgumentOutOfRangeException(nameof(preset), preset, "Unknown preset."),
    };

    private sealed record Preset(string Matchers, RequestMetricSpec Requests, LatencyMetricSpec Latency, RevisionLabelSpec Revisions)
    {
        public string? Space { get; init; }
    }
}
