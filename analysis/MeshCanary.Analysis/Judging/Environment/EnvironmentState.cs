using System.Collections.Immutable;

namespace MeshCanary.Analysis.Judging.Environment;

/// <summary>State of the comparison of the baseline arm with stable.</summary>
public sealed record EnvironmentState
{
    /// <summary>The shift once it is proven.</summary>
    public required string? Fault { get; init; }

    /// <summary>When the baseline arm began to serve; null before.</summary>
    public DateTimeOffset? Since { get; init; }

    /// <summary>Highest ln of the averaged e-process.</summary>
    public required double Highest { get; init; }

    /// <summary>The metrics: errors, then latency by percentile.</summary>
    public required ImmutableArray<EnvironmentMetricState> Metrics { get; init; }
}
