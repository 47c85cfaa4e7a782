namespace MeshCanary.Analysis.Samples;

/// <summary>Exact counts of both arms for the same interval of time: the only thing the engine learns from.</summary>
public sealed record IntervalSample
{
    /// <summary>Start of the interval (UTC).</summary>
    public required DateTimeOffset Start { get; init; }

    /// <summary>End of the interval (UTC), after <see cref="Start"/>.</summary>
    public required DateTimeOffset End { get; init; }

    /// <summary>What the stable version served.</summary>
    public required ArmCounts Stable { get; init; }

    /// <summary>What the canary version served.</summary>
    public required ArmCounts Canary { get; init; }

    /// <summary>The split as drawn, by configured weight: what the sample-ratio test looks at.</summary>
    public required IReadOnlyList<DrawCounts> Draws { get; init; }
}
