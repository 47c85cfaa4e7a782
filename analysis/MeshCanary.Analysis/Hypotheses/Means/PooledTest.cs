namespace MeshCanary.Analysis.Hypotheses.Means;

/// <summary>
/// Student's t test of two means with one variance: s² = ((n−1)s_x² + (m−1)s_y²)/(n+m−2), t = (x̄−ȳ)/(s·√(1/n + 1/m)),
/// n+m−2 degrees of freedom. Student 1908, Biometrika 6:1.
/// </summary>
public sealed class PooledTest : IHypothesisTest<TwoSamples>
{
    /// <summary>The one there is: it has no state.</summary>
    public static PooledTest Instance { get; } = new();

    /// <inheritdoc/>
    public string Name => "pooled-t";

    /// <summary>Tests once. A problem with fewer than two values in an arm, NaN or infinite ones, or without any variation.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The confidence is not inside (0, 1).</exception>
    public HypothesisResult Test(TwoSamples data, TestOptions options) => MeanTest.Run(Name, data, options, static (c, s) =>
    {
        var degrees = c.Count + s.Count - 2.0;
        var variance = (((c.Count - 1) * c.Variance) + ((s.Count - 1) * s.Variance)) / degrees;
        return (Math.Sqrt(variance * ((1.0 / c.Count) + (1.0 / s.Count))), degrees);
    });
}
