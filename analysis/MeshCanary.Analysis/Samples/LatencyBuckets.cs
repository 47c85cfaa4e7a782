namespace MeshCanary.Analysis.Samples;

/// <summary>
/// The one latency bucket layout: exponential upper edges 0.25 ms × 2^(i/16), i = 0…302 (0.25 ms to 120.2 s,
/// growth 4.43 % a bucket) and one overflow bucket. The same in every process, so counts add up and a factor is a
/// shift by whole buckets: 1 bucket is 4.43 %, 4 buckets are 18.92 %.
/// </summary>
public static class LatencyBuckets
{
    /// <summary>Buckets per doubling of the latency.</summary>
    public const int PerOctave = 16;

    /// <summary>Index of the last bucket with a finite upper edge.</summary>
    public const int LastFinite = 302;

    /// <summary>Index of the overflow bucket.</summary>
    public const int Overflow = LastFinite + 1;

    /// <summary>Number of buckets, the overflow bucket included.</summary>
    public const int Count = Overflow + 1;

    /// <summary>Upper edge of bucket 0, in seconds.</summary>
    public const double FirstUpperEdgeSeconds = 0.00025;

    private static readonly double[] Edges =
        [.. Enumerable.Range(0, Overflow).Select(index => FirstUpperEdgeSeconds * Math.Pow(2, (double)index / PerOctave)), double.PositiveInfinity];

    /// <summary>Upper edge of a bucket in seconds (inclusive); positive infinity for the overflow bucket.</summary>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="index"/> is outside 0…<see cref="Overflow"/>.</exception>
    public static double UpperEdgeSeconds(int index)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(index);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(index, Overflow);
        return Edges[index];
    }

    /// <summary>
    /// The bucket a latency belongs to: the first whose upper edge is not below it, so an edge itself belongs to the
    /// bucket that it closes.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="seconds"/> is negative or not a number.</exception>
    public static int IndexOf(double seconds)
    {
        if (!(seconds >= 0))
            throw new ArgumentOutOfRangeException(nameof(seconds), seconds, "A latency is a number of seconds from 0 on.");
        if (seconds <= FirstUpperEdgeSeconds)
            return 0;
        if (seconds > Edges[LastFinite])
            return Overflow;

        // The logarithm lands within one bucket; the edges themselves have the last word.
        var index = Math.Clamp((int)Math.Ceiling(PerOctave * Math.Log2(seconds / FirstUpperEdgeSeconds)), 1, LastFinite);
        while (seconds <= Edges[index - 1])
            index--;
        while (seconds > Edges[index])
            index++;
        return index;
    }
}
