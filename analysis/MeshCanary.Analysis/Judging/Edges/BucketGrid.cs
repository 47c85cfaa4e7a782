using System.Collections.Immutable;
using MeshCanary.Analysis.Samples;

namespace MeshCanary.Analysis.Judging.Edges;

/// <summary>
/// The edges at which a metric source's latency counts are exact, named by the bucket of <see cref="LatencyBuckets"/>
/// that holds them: all of the layout's own, or those boundaries of a coarser source. Immutable.
/// </summary>
/// <remarks>
/// A coarser source's whole bucket is put into the layout bucket of its upper boundary, so the count above a layout
/// bucket is exactly the count above the last boundary in or below it, and nothing is known in between.
/// Shifted edges are rounded so that neither test becomes easier than asked. FAIL: s ≥ g·τ gives P_c(X &gt; s) ≤
/// P_c(X &gt; g·τ), so every canary within the tolerance that was asked for is within the one that is tested. PASS:
/// s ≤ g′·τ gives P_c(X &gt; s) ≥ P_c(X &gt; g′·τ), so every harm that was asked for is within the one that is tested.
/// </remarks>
internal sealed class BucketGrid
{
    /// <summary>Boundaries that differ by less are one: a source computes powers of two in its own way.</summary>
    private const double Same = 1e-9;

    private readonly int[] _edges;
    private readonly double[] _seconds;

    /// <param name="boundaries">Upper boundaries of the source's buckets in seconds, rising; empty for the layout's own.</param>
    public BucketGrid(ImmutableArray<double> boundaries)
    {
        // Of several boundaries in one bucket only the last can be told apart from what follows.
        var last = boundaries.GroupBy(LatencyBuckets.IndexOf).Where(group => group.Key <= LatencyBuckets.LastFinite).ToArray();
        _edges = [.. last.Select(group => group.Key)];
        _seconds = [.. last.Select(group => group.Max())];
    }

    /// <summary>Whether the source counts by the layout's own buckets.</summary>
    public bool IsOwn => _edges.Length == 0;

    /// <summary>The edge in seconds; positive infinity for the overflow bucket.</summary>
    public double Seconds(int edge) =>
        IsOwn || edge == LatencyBuckets.Overflow ? LatencyBuckets.UpperEdgeSeconds(edge) : _seconds[Array.BinarySearch(_edges, edge)];

    /// <summary>The edge that closes the source's bucket of a latency in some layout bucket; the last one in the overflow.</summary>
    public int Closing(int bucket) => IsOwn ? bucket : _edges[Math.Min(First(bucket), _edges.Length - 1)];

    /// <summary>The edge before one; −1 before the first.</summary>
    public int Before(int edge) => IsOwn ? edge - 1 : First(edge) is > 0 and var place ? _edges[place - 1] : -1;

    /// <summary>The highest edge that still has its shifted edges above it, or the lowest of all when none has.</summary>
    public int Highest(int tolerated, int harm)
    {
        if (IsOwn)
            return LatencyBuckets.LastFinite - harm;
        var place = _edges.Length - 1;
        while (place > 0 && Up(_edges[place], tolerated) == LatencyBuckets.Overflow)
            place--;
        return _edges[place];
    }

    /// <summary>The first edge at or above τ times 2^(shift/16); the overflow bucket, beyond which nothing is, when there is none.</summary>
    public int Up(int edge, int shift)
    {
        if (IsOwn)
            return edge + shift;
        var least = Seconds(edge) * Factor(shift) * (1 - Same);
        var place = Array.FindIndex(_seconds, seconds => seconds >= least);
        return place < 0 ? LatencyBuckets.Overflow : _edges[place];
    }

    /// <summary>The last edge at or below τ times 2^(shift/16): at least τ itself.</summary>
    public int Down(int edge, int shift)
    {
        if (IsOwn)
            return edge + shift;
        var most = Seconds(edge) * Factor(shift) * (1 + Same);
        return _edges[Array.FindLastIndex(_seconds, seconds => seconds <= most)];
    }

    /// <summary>2^(shift/16).</summary>
    public static double Factor(int shift) => Math.Pow(2, (double)shift / LatencyBuckets.PerOctave);

    private int First(int bucket)
    {
        var place = Array.BinarySearch(_edges, bucket);
        return place < 0 ? ~place : place;
    }
}
