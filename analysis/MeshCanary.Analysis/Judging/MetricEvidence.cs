namespace MeshCanary.Analysis.Judging;

/// <summary>Evidence on one metric: an error share, or the share of requests slower than a frozen latency edge.</summary>
public sealed record MetricEvidence
{
    /// <summary><c>errors</c>, or <c>latencyP50</c>, <c>latencyP99.9</c> and so on.</summary>
    public required string Metric { get; init; }

    /// <summary>Canary requests that entered this metric.</summary>
    public required long CanaryRequests { get; init; }

    /// <summary>Of them the bad ones: failed, or for latency failed or slower than <see cref="EdgeSeconds"/>.</summary>
    public required long CanaryEvents { get; init; }

    /// <summary>
    /// Of them those beyond the tolerance, which the FAIL test compares with <see cref="StableEvents"/>: for latency
    /// failed or slower than <see cref="ToleratedEdgeSeconds"/>; for errors the same as <see cref="CanaryEvents"/>
    /// (their tolerance is in the test itself).
    /// </summary>
    public long CanaryEventsBeyondTolerance { get; init; }

    /// <summary>Requests that entered this metric of what the canary is compared with: stable, or the baseline arm of a three-way rollout.</summary>
    public required long StableRequests { get; init; }

    /// <summary>Of them the bad ones.</summary>
    public required long StableEvents { get; init; }

    /// <summary>For latency the frozen edge τ in seconds that "bad" is measured at; null for errors and before it is frozen.</summary>
    public required double? EdgeSeconds { get; init; }

    /// <summary>
    /// For latency the edge above which the canary is beyond the tolerance: g·τ, or the next boundary above it of a source
    /// with buckets of its own, so that the ratio to <see cref="EdgeSeconds"/> is the factor in force. Null as
    /// <see cref="EdgeSeconds"/> is, and when the source has no boundary so high: nothing is beyond the tolerance then.
    /// </summary>
    public double? ToleratedEdgeSeconds { get; init; }

    /// <summary>For latency the edge that the canary has to stay below to pass: g′·τ, or the next boundary below it; null as <see cref="EdgeSeconds"/> is.</summary>
    public double? HarmEdgeSeconds { get; init; }

    /// <summary>Canary minus stable share of bad requests, interval-stratified; 0 without data.</summary>
    public required double Difference { get; init; }

    /// <summary>Lower end of the confidence sequence of <see cref="Difference"/> (95 %, for display).</summary>
    public required double DifferenceLow { get; init; }

    /// <summary>Upper end of the confidence sequence of <see cref="Difference"/> (95 %, for display).</summary>
    public required double DifferenceHigh { get; init; }

    /// <summary>Overdispersion φ ≥ 1 that the next interval's log evidence is divided by.</summary>
    public double Overdispersion { get; init; }

    /// <summary>ln of the FAIL e-process now.</summary>
    public required double FailEvidence { get; init; }

    /// <summary>
    /// ln of the FAIL e-value after closure over all metrics, at its highest so far: at the FAIL threshold this metric is
    /// a culprit, with the false rollback rate bounding the chance of ever naming an innocent one.
    /// </summary>
    public required double AdjustedFailEvidence { get; init; }

    /// <summary>ln of the PASS e-process, at its highest so far.</summary>
    public required double PassEvidence { get; init; }

    /// <summary>Always-valid p-value of "no regression": 1 / highest FAIL e-value so far, at most 1.</summary>
    public required double AnytimeP { get; init; }

    /// <summary>
    /// ln of the symmetry e-process on differences of whole minutes, a second opinion that holds however requests of a
    /// minute cling together; null while the arms' sizes differ by more than a fifth. Shown, and never decides.
    /// </summary>
    public double? SecondOpinion { get; init; }

    /// <summary>0…100 as in <see cref="Verdict.Score"/>.</summary>
    public required double Score { get; init; }
}
