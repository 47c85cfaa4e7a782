using MeshCanary.Analysis.Numerics;

namespace MeshCanary.Analysis.Hypotheses.Proportions;

/// <summary>
/// The odds ratio of a 2 × 2 table given its margins (Fisher 1935; Cornfield 1956): the estimate is the ratio whose noncentral
/// hypergeometric mean is the observed count, the interval's ends those at which the observed tail has probability α/2. Not
/// the cross product x_c(n_b−x_b)/(x_b(n_c−x_c)), though near it. Pure and thread-safe.
/// </summary>
public static class ConditionalOddsRatio
{
    private const double Furthest = 700;
    private const double LargeVariance = 1e8;

    /// <summary>
    /// Estimate and two-sided exact interval. 0 or infinite when the count is the smallest or largest possible; null when it is
    /// both (no events, only events), an arm has no requests, or the counts are no counts. Where the table's log odds ratio has a
    /// variance below 1e-8 the estimate is the cross product, which then differs from it by less than 1e-8 of itself.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">The confidence is not inside (0, 1).</exception>
    public static EffectEstimate? Of(TwoProportions data, double confidence)
    {
        Require.Confidence(confidence, nameof(confidence));
        if (TableCheck.Problem(data) is not null)
            return null;
        var table = new Hypergeometric(data.CanaryRequests, data.StableRequests, data.CanaryEvents + data.StableEvents);
        var x = data.CanaryEvents;
        if (table.Lowest == table.Highest)
            return null;
        var tail = Math.Log(0.5 * (1 - confidence));
        double a = data.CanaryEvents + 0.5, b = data.CanaryRequests - data.CanaryEvents + 0.5, c = data.StableEvents + 0.5, d = data.StableRequests - data.StableEvents + 0.5;
        var (start, width) = (Math.Log(a / b) - Math.Log(c / d), 2 * Math.Sqrt((1 / a) + (1 / b) + (1 / c) + (1 / d)));
        return new EffectEstimate(
            "odds ratio",
            x == table.Lowest ? 0 : x == table.Highest ? double.PositiveInfinity : table.Variance(x) > LargeVariance ? CrossProduct(data) : Solve(odds => table.MeanBeyond(x, odds), start, width),
            x == table.Lowest ? 0 : Solve(odds => table.LogUpper(x, odds) - tail, start, width),
            x == table.Highest ? double.PositiveInfinity : Solve(odds => tail - table.LogLower(x, odds), start, width),
            confidence);
    }

    private static double CrossProduct(TwoProportions data) =>
        (double)data.CanaryEvents / (data.CanaryRequests - data.CanaryEvents) * ((data.StableRequests - data.StableEvents) / (double)data.StableEvents);

    /// <summary>e to the root of an increasing function of the log odds ratio, bracketed from the sample's own value outwards.</summary>
    private static double Solve(Func<double, double> function, double start, double width)
    {
        var (low, high) = (start - width, start + width);
        for (; function(low) > 0 && low > -Furthest; width *= 2)
            (low, high) = (low - width, low);
        for (; function(high) < 0 && high < Furthest; width *= 2)
            (low, high) = (high, high + width);
        return Math.Exp(MonotoneRoot.Find(function, low, high));
    }
}
