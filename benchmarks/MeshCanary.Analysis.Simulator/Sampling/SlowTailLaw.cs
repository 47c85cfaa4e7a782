namespace MeshCanary.Analysis.Simulator.Sampling;

/// <summary>A law whose quantiles beyond the 95th are longer by a factor; the body is as it was.</summary>
internal sealed class SlowTailLaw(ILatencyLaw law, double factor) : ILatencyLaw
{
    private const double Body = 0.95;

    public double UpTo(double seconds)
    {
        var share = law.UpTo(seconds);
        return share <= Body ? share : Math.Max(Body, law.UpTo(seconds / factor));
    }
}
