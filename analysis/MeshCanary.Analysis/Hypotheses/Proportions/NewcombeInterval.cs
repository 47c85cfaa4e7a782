namespace MeshCanary.Analysis.Hypotheses.Proportions;

/// <summary>
/// Hybrid score interval of p_c − p_b (Newcombe 1998, Statistics in Medicine 17:873, method 10): with the Wilson limits l and u
/// of both shares, d − √((p_c − l_c)² + (u_b − p_b)²) to d + √((u_c − p_c)² + (p_b − l_b)²). Pure and thread-safe.
/// </summary>
public static class NewcombeInterval
{
    /// <summary>What the interval is of.</summary>
    internal const string Measure = "difference of shares";

    /// <summary>The interval; null when an arm has no requests or its counts are no counts.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The confidence is not inside (0, 1).</exception>
    public static ShareInterval? Of(TwoProportions data, double confidence)
    {
        if (OneProportion.Wilson(data.CanaryEvents, data.CanaryRequests, confidence) is not { } canary
            || OneProportion.Wilson(data.StableEvents, data.StableRequests, confidence) is not { } stable)
            return null;
        var (c, b) = ((double)data.CanaryEvents / data.CanaryRequests, (double)data.StableEvents / data.StableRequests);
        var difference = Difference(data);
        return new ShareInterval(
            Math.Max(-1, difference - double.Hypot(c - canary.Low, stable.High - b)),
            Math.Min(1, difference + double.Hypot(canary.High - c, b - stable.Low)));
    }

    /// <summary>The same as an effect for a result.</summary>
    internal static EffectEstimate? Effect(TwoProportions data, double confidence) => Of(data, confidence) is { } interval
        ? new EffectEstimate(Measure, Difference(data), interval.Low, interval.High, confidence)
        : null;

    /// <summary>p_c − p_b = (x_c n_b − x_b n_c) / (n_c n_b) with a whole numerator: exactly zero for equal shares, and no loss for nearly equal ones.</summary>
    internal static double Difference(TwoProportions data) =>
        (double)Excess(data) / data.CanaryRequests / data.StableRequests;

    /// <summary>x_c n_b − x_b n_c, without rounding.</summary>
    internal static Int128 Excess(TwoProportions data) =>
        ((Int128)data.CanaryEvents * data.StableRequests) - ((Int128)data.StableEvents * data.CanaryRequests);
}
