using MeshCanary.Analysis.Numerics;

namespace MeshCanary.Analysis.Hypotheses.Means;

/// <summary>What the t tests share: what data they take, and how t and its degrees of freedom become an answer.</summary>
internal static class MeanTest
{
    // As R has it: a difference that is only rounding is no variation.
    private const double Rounding = 10 * 2.220446049250313e-16;

    public static HypothesisResult Run(string name, TwoSamples data, TestOptions options, Func<Moments, Moments, (double Error, double Degrees)> spread)
    {
        ArgumentNullException.ThrowIfNull(data);
        ArgumentNullException.ThrowIfNull(options);
        Require.Confidence(options.Confidence, nameof(options));
        if (!Enum.IsDefined(options.Alternative))
            throw new ArgumentOutOfRangeException(nameof(options), options.Alternative, "Unknown alternative.");
        var canary = data.Canary.Span;
        var stable = data.Stable.Span;
        if (Problem(canary, "The canary") is { } first)
            return Undefined(name, options, first);
        if (Problem(stable, "Stable") is { } second)
            return Undefined(name, options, second);
        var exponent = Moments.CommonExponent(canary, stable);
        var origin = Math.ScaleB(stable[0], -exponent);
        var (c, s) = (Moments.Of(canary, origin, exponent), Moments.Of(stable, origin, exponent));
        var (error, degrees) = spread(c, s);
        if (error <= Rounding * Math.Max(Math.Abs(origin + c.Mean), Math.Abs(origin + s.Mean)))
            return Undefined(name, options, "Neither arm varies, so there is nothing to measure a difference of means by.");
        var difference = c.Mean - s.Mean;
        var t = difference / error;
        var radius = StudentTail.TwoSidedQuantile(options.Confidence, degrees) * error;
        return new HypothesisResult
        {
            Test = name,
            Alternative = options.Alternative,
            Statistic = t,
            PValue = options.Alternative switch
            {
                Alternative.Greater => StudentTail.Upper(t, degrees),
                Alternative.Less => StudentTail.Lower(t, degrees),
                _ => StudentTail.TwoSided(t, degrees),
            },
            Effect = new EffectEstimate(
                "difference of means", Math.ScaleB(difference, exponent), Math.ScaleB(difference - radius, exponent), Math.ScaleB(difference + radius, exponent), options.Confidence),
        };
    }

    private static string? Problem(ReadOnlySpan<double> values, string arm)
    {
        if (values.Length < 2)
            return $"{arm} has {values.Length} of at least 2 values, too few to know how much they vary.";
        var unusable = 0;
        foreach (var value in values)
            unusable += double.IsFinite(value) ? 0 : 1;
        return unusable == 0 ? null : $"{arm} has {unusable} of {values.Length} values that are NaN or infinite; they have no mean.";
    }

    private static HypothesisResult Undefined(string name, TestOptions options, string problem) =>
        new() { Test = name, Alternative = options.Alternative, Problem = problem };
}
