using MeshCanary.Analysis.Numerics;

namespace MeshCanary.Analysis.Hypotheses.Proportions;

/// <summary>
/// Pearson's χ² test of the 2 × 2 table with one degree of freedom: Σ (|O − E| − k)² / E, with k = 0, or with Yates' (1934)
/// k = min(½, |O − E|) (as R's chisq.test and prop.test). χ² has no direction; one-sided p-values are those of its signed root.
/// Effect: p_c − p_b with Newcombe's interval. Pure and thread-safe.
/// </summary>
public sealed class ChiSquaredTest : IHypothesisTest<TwoProportions>
{
    private readonly bool _corrected;
    private readonly string _label;

    private ChiSquaredTest(string name, string label, bool corrected) => (Name, _label, _corrected) = (name, label, corrected);

    /// <summary>Without a correction.</summary>
    public static ChiSquaredTest Plain { get; } = new("chi-squared", "chi-squared/plain", false);

    /// <summary>With Yates' continuity correction, which is conservative.</summary>
    public static ChiSquaredTest Yates { get; } = new("chi-squared-yates", "chi-squared/yates", true);

    /// <inheritdoc/>
    public string Name { get; }

    /// <inheritdoc/>
    public HypothesisResult Test(TwoProportions data, TestOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        var effect = NewcombeInterval.Effect(data, options.Confidence);
        var statistic = Statistic(data, _corrected);
        return new HypothesisResult
        {
            Test = _label,
            Alternative = options.Alternative,
            Statistic = statistic,
            PValue = statistic is { } square ? PValue(square, Int128.Sign(NewcombeInterval.Excess(data)), options.Alternative) : null,
            Effect = effect,
            Problem = statistic is null ? TableCheck.Problem(data) ?? TableCheck.NoVariation(data) : null,
        };
    }

    /// <summary>
    /// χ² = (|x_c − E| − k)² · (sum of 1/E over the four cells), E = n_c (x_c + x_b)/(n_c + n_b); null when the counts are no counts,
    /// an arm has no requests, or there are no events or only events.
    /// </summary>
    public static double? Statistic(TwoProportions data, bool yates)
    {
        if (TableCheck.Problem(data) is not null || TableCheck.NoVariation(data) is not null)
            return null;
        double n = data.CanaryRequests, m = data.StableRequests, all = n + m;
        double events = data.CanaryEvents + data.StableEvents, others = data.CanaryRequests + data.StableRequests - data.CanaryEvents - data.StableEvents;

        // x_c − E is (x_c n_b − x_b n_c)/(n_c + n_b).
        var away = Math.Abs((double)NewcombeInterval.Excess(data)) / all;
        var left = yates ? Math.Max(0, away - 0.5) : away;
        return left * (all / n) * left * (all / m) * (all / events) / others;
    }

    private static double PValue(double square, int sign, Alternative alternative) => alternative == Alternative.TwoSided
        ? ChiSquaredTail.Upper(square, 1)
        : NormalScore.PValue(sign * Math.Sqrt(square), alternative);
}
