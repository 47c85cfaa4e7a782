namespace MeshCanary.Analysis.Simulator.Sampling;

/// <summary>How long requests take.</summary>
internal interface ILatencyLaw
{
    /// <summary>Probability of a latency of at most <paramref name="seconds"/> (above 0, finite).</summary>
    double UpTo(double seconds);
}
