namespace MeshCanary.Proxy.Recording;

/// <summary>
/// The latency buckets that every proxy counts in: upper edges 0.25 ms × 2^(i/16), inclusive, for i = 0…302, and one
/// overflow bucket. The same layout as the analysis uses; the handshake with the controller carries it, so that a
/// difference is refused instead of miscounted.
/// </summary>
internal static class LatencyLayout
{
    public const double FirstUpperEdgeSeconds = 0.00025;
    public const int PerOctave = 16;
    public const int LastFinite = 302;
    public const int Overflow = LastFinite + 1;
    public const int Count = Overflow + 1;

    private static readonly double[] Edges = [.. Enumerable.Range(0, Overflow).Select(UpperEdgeSeconds)];

    public static double UpperEdgeSeconds(int bucket) =>
        bucket >= Overflow ? double.PositiveInfinity : FirstUpperEdgeSeconds * Math.Pow(2, (double)bucket / PerOctave);

    /// <summary>The first bucket whose upper edge is not below the latency.</summary>
    public static int BucketOf(double seconds)
    {
        if (!(seconds > FirstUpperEdgeSeconds))
            return 0;
        if (seconds > Edges[LastFinite])
            return Overflow;

        // The logarithm may be off by one at an edge; the table decides.
        var bucket = Math.Clamp((int)Math.Ceiling(Math.Log2(seconds / FirstUpperEdgeSeconds) * PerOctave), 0, LastFinite);
        while (bucket > 0 && seconds <= Edges[bucket - 1])
            bucket--;
        while (seconds > Edges[bucket])
            bucket++;
        return bucket;
    }
}
