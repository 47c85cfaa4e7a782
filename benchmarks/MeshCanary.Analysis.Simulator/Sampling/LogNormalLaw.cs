using MathNet.Numerics.Distributions;

namespace MeshCanary.Analysis.Simulator.Sampling;

/// <summary>Lognormal latency, given by its median and its 99th percentile in seconds.</summary>
internal sealed class LogNormalLaw(double median, double p99) : ILatencyLaw
{
    private const double NormalP99 = 2.3263478740408408;

    private readonly double _mu = Math.Log(median);
    private readonly double _sigma = Math.Log(p99 / median) / NormalP99;

    /// <summary>Median 80 ms, 99th percentile 400 ms.</summary>
    public static LogNormalLaw Usual { get; } = new(0.080, 0.400);

    public double UpTo(double seconds) => LogNormal.CDF(_mu, _sigma, seconds);
}
