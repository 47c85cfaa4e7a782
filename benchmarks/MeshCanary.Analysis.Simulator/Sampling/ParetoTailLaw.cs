namespace MeshCanary.Analysis.Simulator.Sampling;

/// <summary>
/// The usual lognormal up to its 95th percentile, a Pareto tail beyond: P(X &gt; x) = 0.05·(x₀/x)^index. With an index
/// below 2 the latency has no variance, so that means and mean ratios do not settle.
/// </summary>
internal sealed class ParetoTailLaw(double index) : ILatencyLaw
{
    private const double Beyond = 0.05;

    // The lognormal's 95th percentile: 80 ms·exp(1.6449·ln(5)/2.3263).
    private const double Start = 0.2496;

    public double UpTo(double seconds) =>
        seconds <= Start ? Math.Min(LogNormalLaw.Usual.UpTo(seconds), 1 - Beyond) : 1 - (Beyond * Math.Pow(Start / seconds, index));
}
