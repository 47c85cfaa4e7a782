using System.Collections.Immutable;
using MeshCanary.Analysis.Judging;

namespace MeshCanary.Analysis.Planning;

/// <summary>
/// Recommends weights and durations: begin as low as an outright failure is still found within minutes, go up in steps
/// that each find a regression of a third of the size before, and prove harmlessness at the last one, where both arms tell most.
/// </summary>
public static class RolloutPlanner
{
    // What anybody would use, in basis points. Above half the canary learns nothing that stable's shrinking share does not take away.
    private static readonly ImmutableArray<int> Ladder = [10, 50, 100, 200, 500, 1000, 2500, 5000];

    // An outright failure: every fifth request more fails, or everything takes twice as long.
    private static readonly Regression Outright = new(0.2, 2);

    private static readonly TimeSpan OutrightWithin = TimeSpan.FromMinutes(2);
    private static readonly TimeSpan LongestUseful = TimeSpan.FromDays(1);

    // A run that is merely unlucky may need twice the expectation; beyond that a person should look.
    private const double Patience = 3;

    /// <summary>The plan for a service; with too little traffic the best there is, and warnings.</summary>
    /// <exception cref="ArgumentException">Something given is outside its range; the message says what.</exception>
    public static RolloutPlan Recommend(AnalysisSettings settings, TrafficForecast traffic, PlanTiming timing)
    {
        var forecaster = new VerdictForecaster(settings, traffic, timing);
        var weights = Weights(forecaster);
        var steps = ImmutableArray.CreateBuilder<RecommendedStep>(weights.Length);
        var (elapsed, evidence) = (timing.Warmup, 0.0);
        for (var i = 0; i < weights.Length; i++)
        {
            var share = weights[i] / 10_000.0;
            var warmup = i == 0 ? timing.Warmup : TimeSpan.Zero;
            var counted = i < weights.Length - 1
                ? Early(forecaster, share, i, timing)
                : Last(forecaster, share, evidence, timing) ?? LongestUseful;
            evidence += Progress(forecaster, share, counted);
            elapsed += counted;
            steps.Add(new RecommendedStep(weights[i], warmup + counted, warmup + (Patience * counted), StepForecast.Of(forecaster, share, counted)));
        }

        var pass = Last(forecaster, weights[^1] / 10_000.0, 0, timing) is null || elapsed > VerdictForecaster.Longest ? (TimeSpan?)null : elapsed;
        return new RolloutPlan { Steps = steps.MoveToImmutable(), TimeToPass = pass, Warnings = Warnings(forecaster, pass) };
    }

    private static ImmutableArray<int> Weights(VerdictForecaster forecaster)
    {
        var first = Ladder.FirstOrDefault(weight => forecaster.TimeToFail(weight / 10_000.0, Outright) <= OutrightWithin, Ladder[^1]);
        var weights = ImmutableArray.CreateBuilder<int>();
        for (var weight = first; weight < Ladder[^1]; weight = Ladder.First(next => next >= Math.Min(4 * weight, Ladder[^1])))
            weights.Add(weight);
        weights.Add(Ladder[^1]);
        return weights.ToImmutable();
    }

    /// <summary>An early step lasts until its own size of regression is found, each a third of the one before.</summary>
    private static TimeSpan Early(VerdictForecaster forecaster, double share, int step, PlanTiming timing)
    {
        var size = Math.Pow(3, -step);
        var regression = new Regression(Outright.ErrorIncrease * size, 1 + ((Outright.LatencyFactor - 1) * size));
        var needed = forecaster.TimeToFail(share, regression) ?? OutrightWithin;
        var most = TimeSpan.FromMinutes(15);
        return Whole(needed < most ? needed : most, timing);
    }

    /// <summary>The last step lasts until the evidence that the earlier ones left over is there; null when that is longer than a month.</summary>
    private static TimeSpan? Last(VerdictForecaster forecaster, double share, double evidence, PlanTiming timing) =>
        forecaster.TimeToPass(share) is { } time ? Whole(Math.Max(0, 1 - evidence) * time, timing) : null;

    /// <summary>The part of a Pass that a time at a share is expected to contribute: evidence carries over from step to step.</summary>
    private static double Progress(VerdictForecaster forecaster, double share, TimeSpan time) =>
        forecaster.TimeToPass(share) is { } whole ? Math.Min(1, time / whole) : 0;

    private static TimeSpan Whole(TimeSpan time, PlanTiming timing)
    {
        var intervals = Math.Max(3, Math.Ceiling(time / timing.Interval));
        return intervals * timing.Interval;
    }

    private static ImmutableArray<string> Warnings(VerdictForecaster forecaster, TimeSpan? pass)
    {
        var warnings = ImmutableArray.CreateBuilder<string>();
        if (forecaster.TimeToFail(0.5, Outright) is not { } outright || outright > OutrightWithin)
            warnings.Add($"Within {ForecastWording.Duration(OutrightWithin)} not even an outright failure (every fifth request more fails) is expected to be found at half of the traffic: set a guard on errorRate, which does not need a comparison.");
        if (pass is null || pass > LongestUseful)
            warnings.Add("The traffic is too little to prove a version harmless within a day: widen errors.harm and latency.harm, judge fewer percentiles, or let onInconclusive decide.");
        if (forecaster.Percentiles.Count == 0)
            warnings.Add("Stable's latencies are not known, so the plan is for errors alone.");
        return warnings.ToImmutable();
    }
}
