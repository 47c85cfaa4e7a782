using MeshCanary.Analysis.Simulator.Sampling;

namespace MeshCanary.Analysis.Simulator.Scenarios;

/// <summary>
/// A service as it is with nothing wrong: traffic, error rate, latency and its own noise. Histories of stable against
/// stable are made from it, one set for every background.
/// </summary>
internal sealed record Background
{
    /// <summary>Seeds its histories.</summary>
    public required string Name { get; init; }

    /// <summary>Requests a second of the canary, on average.</summary>
    public double CanaryPerSecond { get; init; } = 100;

    /// <summary>Requests a second of stable.</summary>
    public double StablePerSecond { get; init; } = 100;

    /// <summary>Requests a second of the baseline arm of a three-way rollout, or 0 without one.</summary>
    public double BaselinePerSecond { get; init; }

    /// <summary>Probability that a request fails.</summary>
    public double ErrorRate { get; init; } = 0.005;

    /// <summary>How long requests take.</summary>
    public ILatencyLaw Latency { get; init; } = LogNormalLaw.Usual;

    /// <summary>Good and bad minutes.</summary>
    public MinuteNoise Noise { get; init; }

    /// <summary>The day's course.</summary>
    public DailyCycle Cycle { get; init; }

    /// <summary>Spells of errors.</summary>
    public Bursts Bursts { get; init; }

    /// <summary>Mean number of failures that come together (retries of one call); 1 for independent ones.</summary>
    public double ClusterSize { get; init; } = 1;

    /// <summary>Requests 100 a second in either arm, independent of one another.</summary>
    public static Background Steady { get; } = new() { Name = "steady" };

    /// <summary>The same with noisy minutes.</summary>
    public static Background Noisy { get; } = new() { Name = "minute noise", Noise = MinuteNoise.Usual };

    /// <summary>The same with minutes that resemble their neighbours.</summary>
    public static Background Drifting { get; } = new() { Name = "correlated minutes", Noise = MinuteNoise.Usual with { Correlation = 0.9 } };

    /// <summary>One request a second in either arm.</summary>
    public static Background Quiet { get; } = new() { Name = "one request a second", CanaryPerSecond = 1, StablePerSecond = 1 };

    /// <summary>A tenth of 200 requests a second goes to the canary.</summary>
    public static Background Split { get; } = new() { Name = "split", CanaryPerSecond = 20, StablePerSecond = 180 };
}
