namespace MeshCanary.Rollouts.Specs;

/// <summary>Where the counts of both arms come from.</summary>
public sealed record SourceSpec
{
    /// <summary>The exact counts of our own proxies.</summary>
    public const string Proxy = "proxy";

    /// <summary>Counters that a Prometheus has scraped.</summary>
    public const string PrometheusType = "prometheus";

    /// <summary>Name of the source.</summary>
    public string Type { get; init; } = Proxy;

    /// <summary>Parameters of the source <c>prometheus</c>; null for others.</summary>
    public PrometheusSpec? Prometheus { get; init; }
}
