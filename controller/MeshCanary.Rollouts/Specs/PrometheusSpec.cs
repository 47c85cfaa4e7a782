namespace MeshCanary.Rollouts.Specs;

/// <summary>A Prometheus, or what answers its HTTP API, as the source of both arms' counts.</summary>
public sealed record PrometheusSpec
{
    /// <summary>Where it is: an absolute http(s) address, with a path where it has one.</summary>
    public required string Address { get; init; }

    /// <summary>Name of a Secret of the Canary's namespace with its credentials; null for none. In a cluster only.</summary>
    public string? SecretName { get; init; }

    /// <summary>A folder with the same, a file for each key; null for none. Standalone only.</summary>
    public string? CredentialsFolder { get; init; }

    /// <summary>Whether any certificate is taken.</summary>
    public bool SkipsVerification { get; init; }

    /// <summary>Whose metrics they are; null where requests, latency and revisions say it all.</summary>
    public MetricPreset? Preset { get; init; }

    /// <summary>Label matchers that every query gets besides, such as <c>cluster="eu-1"</c>; empty for none.</summary>
    public string Matchers { get; init; } = "";

    /// <summary>How series are told apart by revision; null for the preset's way.</summary>
    public RevisionLabelSpec? Revisions { get; init; }

    /// <summary>The counter of requests; null for the preset's.</summary>
    public RequestMetricSpec? Requests { get; init; }

    /// <summary>The histogram of latencies; null for the preset's.</summary>
    public LatencyMetricSpec? Latency { get; init; }

    /// <summary>Time from scrape to scrape; null to find it by the samples.</summary>
    public TimeSpan? ScrapeInterval { get; init; }

    /// <summary>Time after a window's end until it is asked for, so that its scrapes are in; null for one scrape interval.</summary>
    public TimeSpan? Delay { get; init; }

    /// <summary>Longest wait for an answer, tries included.</summary>
    public TimeSpan Timeout { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>How far back windows are fetched that were missed; older ones are passed over.</summary>
    public TimeSpan MaxBehind { get; init; } = TimeSpan.FromHours(1);
}
