using System.Collections.Immutable;

namespace MeshCanary.Analysis.Judging.Custom;

/// <summary>A metric that is asked for at another source than the one of the requests; fixed for the run.</summary>
public sealed record CustomMetric
{
    /// <summary>Its name, unlike that of any other metric.</summary>
    public required string Name { get; init; }

    /// <summary>What is done with the answers.</summary>
    public required CustomKind Kind { get; init; }

    /// <summary>Whether a Pass waits for it: for enough evidence, and for an answer to the newest question.</summary>
    public bool Required { get; init; } = true;

    /// <summary>Its part of the FAIL evidence over all metrics, above 0; errors and latency share what is left. A guard has none.</summary>
    public double Weight { get; init; } = 0.1;

    /// <summary>How far the newest answer may lie behind the newest interval before it counts as missing.</summary>
    public TimeSpan Patience { get; init; } = TimeSpan.FromMinutes(1);

    /// <summary>Guard: the least allowed value; null for none.</summary>
    public double? Min { get; init; }

    /// <summary>Guard: the largest allowed value; null for none.</summary>
    public double? Max { get; init; }

    /// <summary>Guard: readings in a row beyond a limit that break it, and readings within the limits that a Pass needs.</summary>
    public int Intervals { get; init; } = 2;

    /// <summary>Guard: whether stable's value has to stay within the limits too.</summary>
    public bool BothArms { get; init; }

    /// <summary>Which way is worse; a distribution gets worse by larger values.</summary>
    public WorseDirection Worse { get; init; }

    /// <summary>FAIL margin, absolute: in the metric's own unit, for counts a share 0…1.</summary>
    public double ToleranceAbsolute { get; init; }

    /// <summary>FAIL margin, relative to stable.</summary>
    public double ToleranceRelative { get; init; }

    /// <summary>PASS margin, absolute.</summary>
    public double HarmAbsolute { get; init; }

    /// <summary>PASS margin, relative to stable.</summary>
    public double HarmRelative { get; init; }

    /// <summary>Distribution: percentiles whose edges are compared, inside (0, 100), rising.</summary>
    public ImmutableArray<double> Percentiles { get; init; } = [50, 90, 99];

    /// <summary>Distribution: larger by this factor is tolerated, at least 1.</summary>
    public double ToleranceFactor { get; init; } = 1;

    /// <summary>Distribution: larger by this factor is harm, above the tolerance.</summary>
    public double HarmFactor { get; init; } = 2;

    /// <summary>Counts and distribution: overdispersion φ ≥ 1 that divides the log evidence; 1 for independent events.</summary>
    public double Overdispersion { get; init; } = 4;
}
