namespace MeshCanary.Analysis.Hypotheses.Means;

/// <summary>
/// Welch's t test of two means with unequal variances: t = (x̄−ȳ)/√(s_x²/n + s_y²/m), degrees of freedom by Satterthwaite:
/// (a+b)² / (a²/(n−1) + b²/(m−1)), a = s_x²/n, b = s_y²/m. Welch 1947, Biometrika 34:28; Satterthwaite 1946.
/// </summary>
public sealed class WelchTest : IHypothesisTest<TwoSamples>
{
    /// <summary>The one there is: it has no state.</summary>
    public static WelchTest Instance { get; } = new();

    /// <inheritdoc/>
    public string Name => "welch-t";

    /// <summary>Tests once. A problem with fewer than two values in an arm, NaN or infinite ones, or without any variation.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The confidence is not inside (0, 1).</exception>
    public HypothesisResult Test(TwoSamples data, TestOptions options) => MeanTest.Run(Name, data, options, static (c, s) =>
    {
        var (a, b) = (c.Variance / c.Count, s.Variance / s.Count);
        var part = a / (a + b);
        return (Math.Sqrt(a + b), 1 / ((part * part / (c.Count - 1)) + ((1 - part) * (1 - part) / (s.Count - 1))));
    });
}
