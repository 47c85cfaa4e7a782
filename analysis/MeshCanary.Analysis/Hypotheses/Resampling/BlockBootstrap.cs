namespace MeshCanary.Analysis.Hypotheses.Resampling;

/// <summary>
/// Bootstrap of a series whose neighbours depend on each other: whole stretches of it are drawn. Percentile interval. A report
/// for people, never a gate: it has no error rate that anybody has proven for it under repeated looks.
/// </summary>
public static class BlockBootstrap
{
    /// <summary>
    /// Interval of a statistic of a series of blocks (one-minute values, differences, pairs as any type).
    /// </summary>
    /// <param name="series">The blocks in order of time.</param>
    /// <param name="statistic">The statistic of a series of the same length; NaN makes the interval undefined.</param>
    /// <param name="options">Scheme, block length, replicates, confidence and seed. The same seed gives the same interval.</param>
    /// <returns>The estimate with its interval; null for fewer than two blocks, or when the statistic is not finite.</returns>
    /// <exception cref="ArgumentOutOfRangeException">An option is outside its range.</exception>
    public static EffectEstimate? Interval<T>(IReadOnlyList<T> series, Func<IReadOnlyList<T>, double> statistic, BootstrapOptions options)
    {
        ArgumentNullException.ThrowIfNull(series);
        ArgumentNullException.ThrowIfNull(statistic);
        ArgumentNullException.ThrowIfNull(options);
        options.Check();
        if (series.Count < 2)
            return null;
        var estimate = statistic(series);
        if (!double.IsFinite(estimate))
            return null;
        var random = new Random(options.Seed);
        var length = Math.Min(options.BlockLength, series.Count);
        var (drawn, replicates) = (new T[series.Count], new double[options.Replicates]);
        for (var b = 0; b < replicates.Length; b++)
        {
            if (options.Scheme == BootstrapScheme.MovingBlock)
                DrawBlocks(series, drawn, length, random);
            else
                DrawStationary(series, drawn, length, random);
            replicates[b] = statistic(drawn);
            if (!double.IsFinite(replicates[b]))
                return null;
        }

        Array.Sort(replicates);
        var outside = (1 - options.Confidence) / 2;
        return new EffectEstimate(options.Measure, estimate, Percentile(replicates, outside), Percentile(replicates, 1 - outside), options.Confidence);
    }

    private static void DrawBlocks<T>(IReadOnlyList<T> series, T[] drawn, int length, Random random)
    {
        for (var place = 0; place < drawn.Length;)
        {
            var start = random.Next(series.Count - length + 1);
            for (var i = 0; i < length && place < drawn.Length; i++)
                drawn[place++] = series[start + i];
        }
    }

    // Goes on with the next block, or with probability 1/length anywhere; the end is followed by the beginning.
    private static void DrawStationary<T>(IReadOnlyList<T> series, T[] drawn, int length, Random random)
    {
        var at = random.Next(series.Count);
        for (var place = 0; place < drawn.Length; place++)
        {
            drawn[place] = series[at];
            at = random.NextDouble() * length < 1 ? random.Next(series.Count) : (at + 1) % series.Count;
        }
    }

    // Linear between order statistics.
    private static double Percentile(double[] sorted, double share)
    {
        var rank = share * (sorted.Length - 1);
        var below = (int)rank;
        return below + 1 < sorted.Length ? sorted[below] + ((rank - below) * (sorted[below + 1] - sorted[below])) : sorted[^1];
    }
}
