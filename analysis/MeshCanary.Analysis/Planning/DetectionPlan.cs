using MeshCanary.Analysis.Judging;
using MeshCanary.Analysis.Samples;
using MeshCanary.Analysis.Sequential;

namespace MeshCanary.Analysis.Planning;

/// <summary>
/// How much traffic a regression of some size needs to be seen, by Wald's approximation
/// N = φ·L/(KL(p_c‖q_c) + ρ·KL(p_b‖q_b)); within some 30 % of simulation. Says at admission what a step can detect.
/// </summary>
public static class DetectionPlan
{
    /// <summary>
    /// Expected canary requests until a rollback when the arms' true rates are <paramref name="truth"/> and stable gets
    /// <paramref name="stablePerCanary"/> requests for each one; infinite when the truth is within the margin.
    /// </summary>
    public static double ExpectedCanaryRequests(Margin margin, ArmRates truth, double stablePerCanary, DetectionTerms terms)
    {
        truth = new ArmRates(ArmRates.Clamp(truth.Canary), ArmRates.Clamp(truth.Stable));
        if (!(stablePerCanary > 0) || TwoSampleEValue.IsInsideNull(margin, Claim.Regression, truth))
            return double.PositiveInfinity;
        var nearest = TwoSampleEValue.Project(margin, 1, stablePerCanary, truth);
        var growth = TwoSampleEValue.LogRatio(new BlockCounts(1, truth.Canary, stablePerCanary, stablePerCanary * truth.Stable), truth, nearest);
        return growth > 0 ? terms.Overdispersion * terms.LogEvidence / growth : double.PositiveInfinity;
    }

    /// <summary>Expected time until a rollback on errors that rose by <paramref name="increase"/>; null without traffic, within the tolerance, or beyond a year.</summary>
    public static TimeSpan? TimeToDetectErrors(AnalysisSettings settings, TrafficRates rates, double stableErrorRate, double increase)
    {
        ArgumentNullException.ThrowIfNull(settings);
        var margin = new Margin(settings.ErrorToleranceAbsolute, settings.ErrorToleranceRelative);
        var truth = new ArmRates(stableErrorRate + increase, stableErrorRate);
        return Time(ExpectedCanaryRequests(margin, truth, rates.Flow ? rates.StablePerCanary : 0, DetectionTerms.ForErrors(settings)), rates);
    }

    /// <summary>
    /// Expected time until a rollback on one percentile when the canary is slower by <paramref name="buckets"/> buckets of
    /// 4.43 % throughout, judged by stable's own distribution; null as above.
    /// </summary>
    public static TimeSpan? TimeToDetectLatency(AnalysisSettings settings, TrafficRates rates, LatencyHistogram stable, double percentile, int buckets)
    {
        ArgumentNullException.ThrowIfNull(settings);
        ArgumentNullException.ThrowIfNull(stable);
        if (stable.QuantileBucket(percentile / 100) is not { } edge)
            return null;
        double Beyond(int bucket) => (double)stable.CountAbove(bucket) / stable.Total;
        var truth = new ArmRates(Beyond(edge + settings.LatencyToleranceBuckets - buckets), Beyond(edge));
        return Time(ExpectedCanaryRequests(Margin.None, truth, rates.Flow ? rates.StablePerCanary : 0, DetectionTerms.ForLatency(settings)), rates);
    }

    /// <summary>The smallest increase of the error rate that is expected to be seen within a time; null when not even total failure is.</summary>
    public static double? SmallestErrorIncrease(AnalysisSettings settings, TrafficRates rates, double stableErrorRate, TimeSpan within)
    {
        bool Seen(double increase) => TimeToDetectErrors(settings, rates, stableErrorRate, increase) <= within;
        var (low, high) = (0.0, 1 - stableErrorRate);
        if (!Seen(high))
            return null;
        while (high - low > 1e-6)
        {
            var middle = (low + high) / 2;
            (low, high) = Seen(middle) ? (low, middle) : (middle, high);
        }

        return high;
    }

    /// <summary>The smallest factor of latency at a percentile that is expected to be seen within a time, in whole buckets; null when not even tenfold is.</summary>
    public static double? SmallestLatencyFactor(AnalysisSettings settings, TrafficRates rates, LatencyHistogram stable, double percentile, TimeSpan within)
    {
        ArgumentNullException.ThrowIfNull(settings);
        const int Tenfold = 54;
        for (var buckets = settings.LatencyToleranceBuckets + 1; buckets <= Tenfold; buckets++)
        {
            if (TimeToDetectLatency(settings, rates, stable, percentile, buckets) <= within)
                return Math.Pow(2, (double)buckets / LatencyBuckets.PerOctave);
        }

        return null;
    }

    private static TimeSpan? Time(double canaryRequests, TrafficRates rates)
    {
        var seconds = canaryRequests / rates.CanaryPerSecond;
        return rates.Flow && seconds <= TimeSpan.FromDays(366).TotalSeconds ? TimeSpan.FromSeconds(seconds) : null;
    }
}
