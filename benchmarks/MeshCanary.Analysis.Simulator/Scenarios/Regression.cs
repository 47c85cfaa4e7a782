using MeshCanary.Analysis.Simulator.Sampling;

namespace MeshCanary.Analysis.Simulator.Scenarios;

/// <summary>What is wrong with the canary; nothing by default.</summary>
internal readonly record struct Regression()
{
    /// <summary>Added to the probability of an error.</summary>
    public double Errors { get; init; }

    /// <summary>Factor on every latency.</summary>
    public double Slowdown { get; init; } = 1;

    /// <summary>Factor on latencies beyond the 95th percentile, from the start on.</summary>
    public double TailSlowdown { get; init; } = 1;

    /// <summary>Another law of latency altogether, from the start on; null for the background's.</summary>
    public ILatencyLaw? Latency { get; init; }

    /// <summary>Latency added by the end of each hour, as a share: a slow leak.</summary>
    public double LeakPerHour { get; init; }

    /// <summary>Minute in which errors and slowdown begin.</summary>
    public double FromMinute { get; init; }
}
