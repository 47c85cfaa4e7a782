using MeshCanary.Analysis.Numerics;

namespace MeshCanary.Analysis.Hypotheses.Drift;

/// <summary>
/// Whether a gauge's difference canary minus baseline climbs: ordinary least squares against time with a t-test of the slope on
/// n − 2 degrees of freedom, b = Sxy/Sxx, se = √(SSR/((n−2)·Sxx)). Draper and Smith 1998, chapter 1. Assumes a straight line with
/// independent normal errors of one variance; errors that depend on each other from minute to minute make the p-value too small,
/// and one look is assumed. So it may HOLD a rollout and never rolls one back. <see cref="TheilSenSlope"/> is the estimate that
/// single bad minutes cannot move. Pure and thread-safe.
/// </summary>
public static class LeakTest
{
    /// <summary>Name of the test in its result.</summary>
    public const string Name = "leak/least-squares";

    /// <summary>Tests once.</summary>
    /// <param name="minutes">Times, in minutes, in any order.</param>
    /// <param name="differences">The gauge's difference at these times, in its unit.</param>
    /// <param name="options">Greater: climbs (a leak); Less: falls.</param>
    /// <returns>
    /// t, its p-value, and the slope per minute with its interval. Without a p-value, and with a problem: fewer than three points,
    /// lists of different length, NaN or infinity, equal times, or constant differences. On an exact line t is infinite and p is 0.
    /// </returns>
    public static HypothesisResult Test(ReadOnlySpan<double> minutes, ReadOnlySpan<double> differences, TestOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        if (!(options.Confidence is > 0 and < 1))
            throw new ArgumentOutOfRangeException(nameof(options), options.Confidence, "Give a confidence between 0 and 1, without the ends.");
        if (Problem(minutes, differences) is { } problem)
            return Without(options, problem);
        var n = minutes.Length;
        var (time, level) = (Mean(minutes), Mean(differences));
        double sxx = 0, sxy = 0, syy = 0;
        for (var i = 0; i < n; i++)
        {
            var (x, y) = (minutes[i] - time, differences[i] - level);
            sxx += x * x;
            sxy += x * y;
            syy += y * y;
        }

        if (sxx == 0 || syy == 0)
            return Without(options, sxx == 0 ? "All points are of one time." : "The differences are constant.");
        if (!double.IsFinite(sxx) || !double.IsFinite(syy))
            return Without(options, "The numbers are too large to be squared.");
        var slope = sxy / sxx;
        var residual = 0.0;
        for (var i = 0; i < n; i++)
        {
            var off = differences[i] - level - (slope * (minutes[i] - time));
            residual += off * off;
        }

        // What rounding alone leaves of an exact line is no residual.
        var error = residual <= 1e-26 * syy ? 0 : Math.Sqrt(residual / (n - 2) / sxx);
        var t = slope / error;
        var radius = error == 0 ? 0 : StudentTail.TwoSidedQuantile(options.Confidence, n - 2) * error;
        return new HypothesisResult
        {
            Test = Name,
            Alternative = options.Alternative,
            Statistic = t,
            PValue = options.Alternative switch
            {
                Alternative.Greater => StudentTail.Upper(t, n - 2),
                Alternative.Less => StudentTail.Lower(t, n - 2),
                _ => StudentTail.TwoSided(t, n - 2),
            },
            Effect = new EffectEstimate("slope per minute", slope, slope - radius, slope + radius, options.Confidence),
        };
    }

    private static string? Problem(ReadOnlySpan<double> minutes, ReadOnlySpan<double> differences)
    {
        if (minutes.Length != differences.Length)
            return $"There are {minutes.Length} times and {differences.Length} differences.";
        if (minutes.Length < 3)
            return $"A slope and its error need three points; there are {minutes.Length}.";
        foreach (var value in minutes)
        {
            if (!double.IsFinite(value))
                return "A time is NaN or infinite.";
        }

        foreach (var value in differences)
        {
            if (!double.IsFinite(value))
                return "A difference is NaN or infinite.";
        }

        return null;
    }

    private static double Mean(ReadOnlySpan<double> values)
    {
        var mean = 0.0;
        for (var i = 0; i < values.Length; i++)
            mean += (values[i] - mean) / (i + 1);
        return mean;
    }

    private static HypothesisResult Without(TestOptions options, string problem) =>
        new() { Test = Name, Alternative = options.Alternative, Problem = problem };
}
