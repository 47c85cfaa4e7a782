namespace MeshCanary.Analysis.Hypotheses.Proportions;

/// <summary>
/// Two-proportion z test. Pooled: z = (p_c − p_b) / √(p(1−p)(1/n_c + 1/n_b)) with the common share p; unpooled: z = (p_c − p_b) /
/// √(p_c(1−p_c)/n_c + p_b(1−p_b)/n_b) (Wald). Normal approximation, no continuity correction; the effect is p_c − p_b with
/// Newcombe's interval. A variance of zero is a problem, not a p-value. Pure and thread-safe.
/// </summary>
public sealed class TwoProportionZTest : IHypothesisTest<TwoProportions>
{
    private readonly bool _pooled;
    private readonly string _label;

    private TwoProportionZTest(string name, string label, bool pooled) => (Name, _label, _pooled) = (name, label, pooled);

    /// <summary>The test with the variance under "both shares are equal": the usual one. Its square is Pearson's χ².</summary>
    public static TwoProportionZTest Pooled { get; } = new("two-proportion-z", "two-proportion-z/pooled", true);

    /// <summary>The test with each arm's own variance; too liberal for few events.</summary>
    public static TwoProportionZTest Unpooled { get; } = new("two-proportion-z-unpooled", "two-proportion-z/unpooled", false);

    /// <inheritdoc/>
    public string Name { get; }

    /// <inheritdoc/>
    public HypothesisResult Test(TwoProportions data, TestOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        var problem = TableCheck.Problem(data);
        var effect = NewcombeInterval.Effect(data, options.Confidence);
        var z = problem is null ? Statistic(data, _pooled) : null;
        problem ??= z is null ? TableCheck.NoVariation(data) ?? "Each arm has only events or none, so the unpooled variance is zero." : null;
        return new HypothesisResult
        {
            Test = _label,
            Alternative = options.Alternative,
            Statistic = z,
            PValue = z is { } value ? NormalScore.PValue(value, options.Alternative) : null,
            Effect = effect,
            Problem = problem,
        };
    }

    /// <summary>The z statistic; null when the counts are no counts, an arm has no requests, or the variance is zero.</summary>
    public static double? Statistic(TwoProportions data, bool pooled)
    {
        if (TableCheck.Problem(data) is not null)
            return null;
        double n = data.CanaryRequests, m = data.StableRequests, x = data.CanaryEvents, y = data.StableEvents;
        var variance = pooled
            ? (x + y) / (n + m) * ((n - x + (m - y)) / (n + m)) * ((1 / n) + (1 / m))
            : (x / n * ((n - x) / n) / n) + (y / m * ((m - y) / m) / m);
        return variance > 0 ? NewcombeInterval.Difference(data) / Math.Sqrt(variance) : null;
    }
}
