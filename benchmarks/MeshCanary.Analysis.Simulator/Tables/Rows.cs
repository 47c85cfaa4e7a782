using MeshCanary.Analysis.Simulator.Sampling;
using MeshCanary.Analysis.Simulator.Scenarios;

namespace MeshCanary.Analysis.Simulator.Tables;

/// <summary>The scenarios of each table. Names are part of the figures: they seed the runs.</summary>
internal static class Rows
{
    private static readonly Background Cycling = new() { Name = "daily cycle", Cycle = new DailyCycle(0.6, 0.5, 0.2) };
    private static readonly Background Diurnal = new() { Name = "drift of both arms", Cycle = new DailyCycle(0, 0.5, 0.2) };
    private static readonly Background Bursting = new() { Name = "bursts", Bursts = new Bursts(0.05, 0.025, 2) };
    private static readonly Background Retrying = new() { Name = "retries", ClusterSize = 5 };
    private static readonly Background HeavyTail = new() { Name = "heavy tail", Latency = new ParetoTailLaw(1.2) };
    private static readonly Background Caching = new() { Name = "cache", Latency = new CacheLaw(0.7) };
    private static readonly Background NoisySplit = Background.Split with { Name = "split, minute noise", Noise = MinuteNoise.Usual };
    private static readonly Background NoisyTail = HeavyTail with { Name = "heavy tail, minute noise", Noise = MinuteNoise.Usual };
    private static readonly Background ThreeWay = new() { Name = "three-way", BaselinePerSecond = 100 };
    private static readonly Background NoisyThreeWay = ThreeWay with { Name = "three-way, minute noise", Noise = MinuteNoise.Usual };

    /// <summary>The canary is the stable version.</summary>
    public static IReadOnlyList<Scenario> Healthy { get; } =
    [
        new() { Name = "independent requests" },
        new() { Name = "drift of both arms", Background = Diurnal },
        new() { Name = "daily cycle, traffic too", Background = Cycling },
        new() { Name = "1 rps an arm", Background = Background.Quiet },
        new() { Name = "10/90 split", Background = Background.Split },
        new() { Name = "minute noise 30 %, 3 %", Background = Background.Noisy },
        new() { Name = "correlated noise, AR .9", Background = Background.Drifting },
        new() { Name = "10/90 split, minute noise", Background = NoisySplit },
        new() { Name = "bursts of errors", Background = Bursting },
        new() { Name = "retries, clusters of 5", Background = Retrying },
        new() { Name = "Pareto tail 1.2", Background = HeavyTail },
        new() { Name = "Pareto tail, minute noise", Background = NoisyTail },
        new() { Name = "cache hits and misses", Background = Caching },
        new() { Name = "outage of both arms", Outage = true },
        new() { Name = "bad client on one arm", BadClient = true },
        new() { Name = "... users compared", BadClient = true, CountsUsers = true },
        new() { Name = "replica lottery 2 %", Lottery = 0.02 },
        new() { Name = "... 3 pods an arm", Lottery = 0.02, Pods = 3 },
        new() { Name = "1 of 3 pods 50 % slow", SlowPod = 1.5, Pods = 3 },
        new() { Name = "cold canary, warm stable", Cold = ColdStart.Canary },
        new() { Name = "... 3 min excluded", Cold = ColdStart.Canary, ExcludedMinutes = 3 },
        new() { Name = "3-way, both cold", Background = ThreeWay, Cold = ColdStart.CanaryAndBaseline },
        new() { Name = "... 3 min excluded, 3-way", Background = ThreeWay, Cold = ColdStart.CanaryAndBaseline, ExcludedMinutes = 3 },
        new() { Name = "3-way, cold, minute noise", Background = NoisyThreeWay, Cold = ColdStart.CanaryAndBaseline },
    ];

    /// <summary>The canary is worse.</summary>
    public static IReadOnlyList<Scenario> Regressed { get; } =
    [
        new() { Name = "errors +0.1 pp", Regression = new Regression { Errors = 0.001 } },
        new() { Name = "errors +1 pp", Regression = new Regression { Errors = 0.01 } },
        new() { Name = "errors +5 pp", Regression = new Regression { Errors = 0.05 } },
        new() { Name = "latency +5 %", Regression = new Regression { Slowdown = 1.05 } },
        new() { Name = "latency +10 %", Regression = new Regression { Slowdown = 1.1 } },
        new() { Name = "latency +25 %", Regression = new Regression { Slowdown = 1.25 } },
        new() { Name = "p99 only +5 %", Regression = new Regression { TailSlowdown = 1.05 } },
        new() { Name = "p99 only +10 %", Regression = new Regression { TailSlowdown = 1.1 } },
        new() { Name = "p99 only +25 %", Regression = new Regression { TailSlowdown = 1.25 } },
        new() { Name = "1 rps, errors +1 pp", Background = Background.Quiet, Regression = new Regression { Errors = 0.01 } },
        new() { Name = "1 rps, errors +5 pp", Background = Background.Quiet, Regression = new Regression { Errors = 0.05 } },
        new() { Name = "1 rps, latency +25 %", Background = Background.Quiet, Regression = new Regression { Slowdown = 1.25 } },
        new() { Name = "10/90, errors +1 pp", Background = Background.Split, Regression = new Regression { Errors = 0.01 } },
        new() { Name = "errors +1 pp from min 20", Regression = new Regression { Errors = 0.01, FromMinute = 20 } },
        new() { Name = "errors +.3 pp from min 40", Regression = new Regression { Errors = 0.003, FromMinute = 40 } },
        new() { Name = "slow leak, +30 %/h", Regression = new Regression { LeakPerHour = 0.3 } },
        new() { Name = "noise, errors +1 pp", Background = Background.Noisy, Regression = new Regression { Errors = 0.01 } },
        new() { Name = "noise, latency +10 %", Background = Background.Noisy, Regression = new Regression { Slowdown = 1.1 } },
        new() { Name = "noise, latency +25 %", Background = Background.Noisy, Regression = new Regression { Slowdown = 1.25 } },
        new() { Name = "AR .9, errors +1 pp", Background = Background.Drifting, Regression = new Regression { Errors = 0.01 } },
        new() { Name = "AR .9, latency +25 %", Background = Background.Drifting, Regression = new Regression { Slowdown = 1.25 } },
        new() { Name = "bursts, errors +1 pp", Background = Bursting, Regression = new Regression { Errors = 0.01 } },
        new() { Name = "retries, errors +1 pp", Background = Retrying, Regression = new Regression { Errors = 0.01 } },
        new() { Name = "Pareto tail, +10 %", Background = HeavyTail, Regression = new Regression { Slowdown = 1.1 } },
        new() { Name = "cache hits 70 % to 65 %", Background = Caching, Regression = new Regression { Latency = new CacheLaw(0.65) } },
        new() { Name = "cycle, errors +1 pp", Background = Cycling, Regression = new Regression { Errors = 0.01 } },
        new() { Name = "3-way cold, errors +1 pp", Background = ThreeWay, Cold = ColdStart.CanaryAndBaseline, Regression = new Regression { Errors = 0.01 } },
    ];

    /// <summary>How soon a good canary is promoted, and how seldom one on the line of harm.</summary>
    public static IReadOnlyList<Scenario> Promotable { get; } =
    [
        new() { Name = "healthy" },
        new() { Name = "healthy, 10/90 split", Background = Background.Split },
        new() { Name = "healthy, 1 rps", Background = Background.Quiet },
        new() { Name = "healthy, minute noise", Background = Background.Noisy },
        new() { Name = "healthy, AR .9", Background = Background.Drifting },
        new() { Name = "healthy, bursts", Background = Bursting },
        new() { Name = "healthy, 3-way cold", Background = ThreeWay, Cold = ColdStart.CanaryAndBaseline },
        new() { Name = "harm: errors +.5 pp", Regression = new Regression { Errors = 0.005 } },
        new() { Name = "harm: latency x 1.189", Regression = new Regression { Slowdown = Harm } },
        new() { Name = "harm: errors, 10/90", Background = Background.Split, Regression = new Regression { Errors = 0.005 } },
        new() { Name = "harm: errors, noise", Background = Background.Noisy, Regression = new Regression { Errors = 0.005 } },
        new() { Name = "harm: latency, noise", Background = Background.Noisy, Regression = new Regression { Slowdown = Harm } },
        new() { Name = "harm: errors, AR .9", Background = Background.Drifting, Regression = new Regression { Errors = 0.005 } },
        new() { Name = "harm: latency, AR .9", Background = Background.Drifting, Regression = new Regression { Slowdown = Harm } },
    ];

    // Four buckets: the default harm margin of latency, to the digit.
    private static double Harm => Math.Pow(2, 4.0 / 16);
}
