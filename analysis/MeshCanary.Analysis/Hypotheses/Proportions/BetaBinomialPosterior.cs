using MeshCanary.Analysis.Numerics;

namespace MeshCanary.Analysis.Hypotheses.Proportions;

/// <summary>
/// Bayesian comparison of two shares with independent Beta priors. For reports only: a rule that stops when this probability
/// is high has no bound on its false alarms. Pure and thread-safe.
/// </summary>
public static class BetaBinomialPosterior
{
    private const double LongestSum = 2000;
    private const double StepPerDeviation = 0.25;

    /// <summary>
    /// P(p_c > p_b) with posteriors Beta(α + x, β + n − x), the same prior Beta(α, β) for both. For a whole α + x_c up to 2000 the
    /// closed sum Σ_{i &lt; a_c} B(a_b + i, b_b + b_c) / ((b_c + i) B(1 + i, b_c) B(a_b, b_b)) (Miller 2015), else the integral of the
    /// canary's density times the stable distribution function over the log odds. An arm without requests keeps its prior.
    /// Null when the counts are no counts.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">A prior parameter is not positive and finite.</exception>
    public static double? ProbabilityCanaryHigher(TwoProportions data, double priorEvents = 1, double priorOthers = 1)
    {
        Require.Positive(priorEvents, nameof(priorEvents));
        Require.Positive(priorOthers, nameof(priorOthers));
        if (!TableCheck.IsArm(data.CanaryEvents, data.CanaryRequests) || !TableCheck.IsArm(data.StableEvents, data.StableRequests))
            return null;
        var canary = (Events: priorEvents + data.CanaryEvents, Others: priorOthers + data.CanaryRequests - data.CanaryEvents);
        var stable = (Events: priorEvents + data.StableEvents, Others: priorOthers + data.StableRequests - data.StableEvents);
        if (canary == stable)
            return 0.5;

        // Compute the smaller of P and 1 − P, so that neither loses its digits.
        var higher = canary.Events / (canary.Events + canary.Others) > stable.Events / (stable.Events + stable.Others);
        var small = higher ? Below(stable, canary) : Below(canary, stable);
        return higher ? 1 - small : small;
    }

    /// <summary>P(first > second).</summary>
    private static double Below((double Events, double Others) first, (double Events, double Others) second) =>
        Math.Clamp(first.Events <= LongestSum && double.IsInteger(first.Events) ? Sum(first, second) : Integral(first, second), 0, 1);

    private static double Sum((double Events, double Others) first, (double Events, double Others) second)
    {
        var (a, s) = (second.Events, first.Others + second.Others);
        var log = LogGamma.Difference(second.Others, a) - LogGamma.Difference(s, a);
        var (term, sum) = (1.0, 1.0);
        for (var i = 0; i < first.Events - 1; i++)
        {
            term *= (a + i) / (a + i + s) * ((first.Others + i) / (1.0 + i));
            sum += term;
            if (sum > 1e250)
            {
                (log, term, sum) = (log + Math.Log(sum), term / sum, 1);
            }
        }

        return Math.Exp(log + Math.Log(sum));
    }

    // In the log odds v both factors are logarithmically concave for every parameter, so there is one peak; equal steps
    // converge exponentially because the integrand dies out on both sides.
    private static double Integral((double Events, double Others) first, (double Events, double Others) second)
    {
        double Log(double logit)
        {
            var (x, y) = (BetaTail.Expit(logit), BetaTail.Expit(-logit));
            return BetaTail.LogPower(x, y, first.Events, first.Others) + BetaTail.LogLower(x, y, second.Events, second.Others);
        }

        double Rise(double logit)
        {
            var (x, y) = (BetaTail.Expit(logit), BetaTail.Expit(-logit));
            var hazard = Math.Exp(BetaTail.LogPower(x, y, second.Events, second.Others) - BetaTail.LogLower(x, y, second.Events, second.Others));
            return (first.Events * y) - (first.Others * x) + hazard;
        }

        var (from, to) = (Math.Log(first.Events / first.Others), Math.Log(second.Events / second.Others));
        var peak = MonotoneRoot.Find(Rise, Math.Min(from, to) - 1, Math.Max(from, to) + 1);
        var (px, py) = (BetaTail.Expit(peak), BetaTail.Expit(-peak));
        var step = StepPerDeviation / Math.Sqrt(((first.Events + first.Others) + (second.Events + second.Others)) * px * py);
        var top = Log(peak);
        var sum = 1.0;
        foreach (var side in (ReadOnlySpan<double>)[-step, step])
        {
            for (var (place, term) = (1, 1.0); term > 1e-18 && place < 100_000; place++)
            {
                term = Math.Exp(Log(peak + (place * side)) - top);
                sum += term;
            }
        }

        return Math.Exp(top + Math.Log(sum * step));
    }
}
