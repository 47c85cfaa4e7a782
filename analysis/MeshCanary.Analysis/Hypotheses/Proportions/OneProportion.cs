using MeshCanary.Analysis.Numerics;

namespace MeshCanary.Analysis.Hypotheses.Proportions;

/// <summary>
/// One share alone: its confidence intervals and its exact test against a fixed value. Counts that are no counts (negative,
/// more events than requests, above 2^50, no request at all) give null. Pure and thread-safe.
/// </summary>
public static class OneProportion
{
    private const double Tie = 1e-7;

    /// <summary>
    /// Score interval (Wilson 1927): the p with |x/n − p| ≤ z √(p(1−p)/n), which is
    /// (2x + z² ± z √(z² + 4x(1 − x/n))) / (2(n + z²)). The lower end by the product of both, x²/(n(n + z²)), so that it does not cancel.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">The confidence is not inside (0, 1).</exception>
    public static ShareInterval? Wilson(long events, long requests, double confidence)
    {
        var z = NormalTail.TwoSidedQuantile(confidence);
        if (requests == 0 || !TableCheck.IsArm(events, requests))
            return null;
        double x = events, n = requests;
        var high = ((2 * x) + (z * z) + (z * Math.Sqrt((z * z) + (4 * x * ((n - x) / n))))) / (2 * (n + (z * z)));
        return new ShareInterval(x == 0 ? 0 : x / n * x / (n + (z * z)) / high, Math.Min(1, high));
    }

    /// <summary>
    /// Exact interval (Clopper and Pearson 1934): quantiles α/2 of Beta(x, n−x+1) and 1−α/2 of Beta(x+1, n−x); 0 below no event,
    /// 1 above all.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">The confidence is not inside (0, 1).</exception>
    public static ShareInterval? ClopperPearson(long events, long requests, double confidence)
    {
        Require.Confidence(confidence, nameof(confidence));
        if (requests == 0 || !TableCheck.IsArm(events, requests))
            return null;
        var tail = 0.5 * (1 - confidence);
        return new ShareInterval(
            events == 0 ? 0 : BetaTail.LowerQuantile(tail, events, requests - events + 1.0),
            events == requests ? 1 : BetaTail.UpperQuantile(tail, events + 1.0, requests - events));
    }

    /// <summary>
    /// Exact test that the share is <paramref name="share"/>: one-sided P(X ≥ x) or P(X ≤ x); two-sided the sum over the observed
    /// tail and of all outcomes on the other side of the mean that are at most as probable, P(k) ≤ P(x)(1 + 1e-7) (the
    /// convention of R's binom.test).
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">The share is not in [0, 1].</exception>
    public static double? Exact(long events, long requests, double share, Alternative alternative)
    {
        Require.Probability(share, nameof(share));
        if (requests == 0 || !TableCheck.IsArm(events, requests))
            return null;
        return alternative switch
        {
            Alternative.Greater => BinomialTail.Upper(events, requests, share),
            Alternative.Less => BinomialTail.Lower(events, requests, share),
            _ => ExactTwoSided(events, requests, share),
        };
    }

    private static double ExactTwoSided(long x, long n, double share)
    {
        if (share is 0 or 1)
            return x == share * n ? 1 : 0;
        var mean = n * share;
        if (x == mean)
            return 1;
        var most = BinomialTail.LogProbability(x, n, share) + Tie;
        if (x < mean)
        {
            // Beyond the mean the probabilities fall: search the first that is small enough.
            var (low, high) = ((long)Math.Ceiling(mean), n + 1);
            while (low < high)
            {
                var middle = low + ((high - low) / 2);
                (low, high) = BinomialTail.LogProbability(middle, n, share) <= most ? (low, middle) : (middle + 1, high);
            }

            return Math.Min(1, BinomialTail.Lower(x, n, share) + BinomialTail.Upper(low, n, share));
        }

        var (least, top) = (-1L, (long)Math.Floor(mean));
        while (least < top)
        {
            var middle = top - ((top - least) / 2);
            (least, top) = BinomialTail.LogProbability(middle, n, share) <= most ? (middle, top) : (least, middle - 1);
        }

        return Math.Min(1, BinomialTail.Lower(least, n, share) + BinomialTail.Upper(x, n, share));
    }
}
