using System.Collections.Immutable;

namespace MeshCanary.Rollouts.Specs;

/// <summary>The names of metric providers, as in <c>spec.provider.type</c>.</summary>
public static class MetricProviderTypes
{
    /// <summary>Prometheus, and whatever speaks its HTTP API.</summary>
    public const string Prometheus = "prometheus";

    /// <summary>Datadog's metrics.</summary>
    public const string Datadog = "datadog";

    /// <summary>Amazon CloudWatch.</summary>
    public const string CloudWatch = "cloudWatch";

    /// <summary>New Relic, asked in NRQL.</summary>
    public const string NewRelic = "newRelic";

    /// <summary>Graphite's render API.</summary>
    public const string Graphite = "graphite";

    /// <summary>InfluxDB, asked in Flux, InfluxQL or SQL.</summary>
    public const string InfluxDb = "influxDb";

    /// <summary>Dynatrace's metrics API v2.</summary>
    public const string Dynatrace = "dynatrace";

    /// <summary>Any address that answers in JSON.</summary>
    public const string Web = "web";

    /// <summary>A Job of Kubernetes, by its exit code.</summary>
    public const string Job = "job";

    /// <summary>All of them.</summary>
    public static ImmutableArray<string> All { get; } = [Prometheus, Datadog, CloudWatch, NewRelic, Graphite, InfluxDb, Dynatrace, Web, Job];
}
