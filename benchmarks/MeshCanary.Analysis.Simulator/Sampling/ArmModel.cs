using MeshCanary.Analysis.Samples;

namespace MeshCanary.Analysis.Simulator.Sampling;

/// <summary>What a version of a service is like at the moment: its error rate and its latency. Draws exact counts.</summary>
internal sealed class ArmModel
{
    private readonly LatencySampler _latency;

    /// <summary>A version whose latency follows a law.</summary>
    public ArmModel(ILatencyLaw law) => _latency = new LatencySampler(law);

    /// <summary>A version with the usual lognormal latency (p50 80 ms, p99 400 ms), slower as a whole or in its tail.</summary>
    public ArmModel(double errorRate = 0.005, double slowdown = 1, double tailSlowdown = 1)
        : this(tailSlowdown > 1 ? new SlowTailLaw(LogNormalLaw.Usual, tailSlowdown) : LogNormalLaw.Usual)
    {
        ErrorRate = errorRate;
        Slowdown = slowdown;
    }

    /// <summary>Probability that a request fails.</summary>
    public double ErrorRate { get; set; }

    /// <summary>Factor on every latency.</summary>
    public double Slowdown { get; set; } = 1;

    /// <summary>Mean number of failures that come together; 1 for independent ones.</summary>
    public double ClusterSize { get; init; } = 1;

    /// <summary>Counts of so many requests.</summary>
    public ArmCounts Next(Random random, long requests)
    {
        var errors = Variates.Clustered(random, requests, ErrorRate, ClusterSize);
        Span<long> counts = stackalloc long[LatencyBuckets.Count];
        counts.Clear();
        _latency.Draw(random, requests - errors, Slowdown, counts);
        return new ArmCounts { Errors = errors, Latency = LatencyHistogram.FromCounts(counts) };
    }
}
