using MeshCanary.Analysis.Sequential;

namespace MeshCanary.Analysis.Judging.Edges;

/// <summary>The edges that requests of one percentile are counted against, each the upper edge of a bucket of the layout.</summary>
/// <param name="Bucket">τ: stable's requests beyond it are bad.</param>
/// <param name="Tolerated">g·τ: FAIL compares the canary's requests beyond it with stable's beyond τ.</param>
/// <param name="Harm">g′·τ: PASS compares the canary's requests beyond it with stable's beyond τ.</param>
internal readonly record struct LatencyEdge(int Bucket, int Tolerated, int Harm)
{
    /// <summary>Share of stable's requests beyond τ in the baseline.</summary>
    public double Prior { get; init; }

    /// <summary>Share of stable's requests beyond g′·τ: what a canary as good as stable shows there.</summary>
    public double HarmShare { get; init; }

    /// <summary>The margin of PASS: none, or the share that is missing at τ when stable's latencies jump across it.</summary>
    public Margin HarmMargin { get; init; }
}
