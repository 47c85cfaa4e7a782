namespace MeshCanary.Analysis.Simulator.Sampling;

/// <summary>Two humps: cache hits around 4 ms, misses around 120 ms (p99 600 ms).</summary>
/// <param name="hits">Share of hits, 0…1.</param>
internal sealed class CacheLaw(double hits) : ILatencyLaw
{
    private static readonly LogNormalLaw Hit = new(0.004, 0.012);
    private static readonly LogNormalLaw Miss = new(0.120, 0.600);

    public double UpTo(double seconds) => (hits * Hit.UpTo(seconds)) + ((1 - hits) * Miss.UpTo(seconds));
}
