using MeshCanary.Analysis.Numerics;

namespace MeshCanary.Analysis.Hypotheses.Proportions;

/// <summary>
/// Fisher's exact test: given all four margins, the canary's events are hypergeometric when the odds are equal. One-sided
/// P(X ≥ x) or P(X ≤ x); two-sided the sum of all outcomes with P(k) ≤ P(x)(1 + 1e-7), as R's fisher.test. The effect is the
/// conditional maximum-likelihood odds ratio with its exact interval. Exact for every table, and conservative because the
/// outcomes are few. A table without variation has one outcome only: p = 1 and no effect. Pure and thread-safe.
/// </summary>
public sealed class FisherExactTest : IHypothesisTest<TwoProportions>
{
    private const double Tie = 1e-7;

    /// <summary>The test; it has no options of its own.</summary>
    public static FisherExactTest Instance { get; } = new();

    /// <inheritdoc/>
    public string Name => "fisher-exact";

    /// <inheritdoc/>
    public HypothesisResult Test(TwoProportions data, TestOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        Require.Confidence(options.Confidence, nameof(options));
        return new HypothesisResult
        {
            Test = Name,
            Alternative = options.Alternative,
            PValue = PValue(data, options.Alternative),
            Effect = ConditionalOddsRatio.Of(data, options.Confidence),
            Problem = TableCheck.Problem(data),
        };
    }

    /// <summary>The p-value; null when an arm has no requests or the counts are no counts.</summary>
    public static double? PValue(TwoProportions data, Alternative alternative)
    {
        if (TableCheck.Problem(data) is not null)
            return null;
        var table = new Hypergeometric(data.CanaryRequests, data.StableRequests, data.CanaryEvents + data.StableEvents);
        return alternative switch
        {
            Alternative.Greater => table.Upper(data.CanaryEvents),
            Alternative.Less => table.Lower(data.CanaryEvents),
            _ => TwoSided(table, data.CanaryEvents),
        };
    }

    private static double TwoSided(Hypergeometric table, long events)
    {
        var most = table.LogProbability(events) + Tie;
        var mode = table.Mode(0);
        if (table.LogProbability(mode) <= most)
            return 1;

        // The probabilities rise up to the mode and fall from there, so what is at most as probable are two tails.
        var (low, high) = (table.Lowest - 1, mode);
        while (high - low > 1)
        {
            var middle = low + ((high - low) / 2);
            (low, high) = table.LogProbability(middle) <= most ? (middle, high) : (low, middle);
        }

        var left = low;
        (low, high) = (mode, table.Highest + 1);
        while (high - low > 1)
        {
            var middle = low + ((high - low) / 2);
            (low, high) = table.LogProbability(middle) <= most ? (low, middle) : (middle, high);
        }

        return Math.Min(1, table.Lower(left) + table.Upper(high));
    }
}
