namespace MeshCanary.Analysis.Judging.Baking;

/// <summary>Evidence on one metric of the promoted version while it bakes.</summary>
public sealed record BakeEvidence
{
    /// <summary><c>errors</c>, or <c>latencyP50</c> and so on.</summary>
    public required string Metric { get; init; }

    /// <summary>Its requests in the bake that say something of the metric.</summary>
    public required long Requests { get; init; }

    /// <summary>Of them the bad ones: failed, or for latency failed or slower than <see cref="EdgeSeconds"/>.</summary>
    public required long Events { get; init; }

    /// <summary>The run's edge of harm g′·τ in seconds; null for errors.</summary>
    public required double? EdgeSeconds { get; init; }

    /// <summary>Share of bad requests above which is harm; 1 when the run had too few requests to say.</summary>
    public required double Boundary { get; init; }

    /// <summary>ln of the detector over the intervals planned; null before the first interval with requests.</summary>
    public required double? Evidence { get; init; }

    /// <summary>What <see cref="Evidence"/> has to reach.</summary>
    public required double Threshold { get; init; }
}
