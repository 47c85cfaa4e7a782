using MeshCanary.Analysis.Judging;
using MeshCanary.Analysis.Samples;

namespace MeshCanary.Analysis.Tests.Simulation;

/// <summary>Intervals of ten seconds of two versions behind one split, from a seed.</summary>
internal sealed class Traffic(int seed, long perInterval = 2000, int canaryWeight = 5000)
{
    /// <summary>Settings for traffic like this: requests are independent, so that there is no noise to learn.</summary>
    public static AnalysisSettings Independent { get; } = new() { ErrorOverdispersion = 1, LatencyOverdispersion = 1 };

    private static readonly DateTimeOffset Origin = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);
    private readonly Random _random = new(seed);
    private int _interval;

    public ArmModel Stable { get; init; } = new();

    public ArmModel Canary { get; set; } = new();

    public Traffic WithSeed(int other) => new(other, perInterval, canaryWeight) { Stable = Stable, Canary = Canary };

    public IntervalSample Next()
    {
        var canary = BinomialSampler.Next(_random, perInterval, canaryWeight / 10_000.0);
        return Interval(_interval++, Stable.Next(_random, perInterval - canary), Canary.Next(_random, canary), canaryWeight, perInterval - canary, canary);
    }

    /// <summary>Warms a judge for a minute, then counts intervals until it decides or the time is over.</summary>
    public Verdict Run(CanaryJudge judge, int intervals, Action<int>? before = null, int warmup = 6)
    {
        for (var i = 0; i < warmup; i++)
            judge.Warm(Next());
        var verdict = judge.Assess();
        for (var i = 0; i < intervals && verdict.Kind is VerdictKind.NotEnoughData; i++)
        {
            before?.Invoke(i);
            judge.Observe(Next());
            verdict = judge.Assess();
        }

        return verdict;
    }

    public static IntervalSample Interval(int index, ArmCounts stable, ArmCounts canary, int weight = 5000, long? stableDraws = null, long? canaryDraws = null) => new()
    {
        Start = Origin.AddSeconds(10 * index),
        End = Origin.AddSeconds(10 * (index + 1)),
        Stable = stable,
        Canary = canary,
        Draws = [new DrawCounts(weight, stableDraws ?? stable.Requests, canaryDraws ?? canary.Requests)],
    };

    /// <summary>Counts of one arm: failures, and successes in one bucket.</summary>
    public static ArmCounts Arm(long errors, long successes, int bucket = 100)
    {
        var counts = new long[LatencyBuckets.Count];
        counts[bucket] = successes;
        return new ArmCounts { Errors = errors, Latency = LatencyHistogram.FromCounts(counts) };
    }
}
