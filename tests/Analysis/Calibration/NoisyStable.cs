using System.Collections.Immutable;
using MeshCanary.Analysis.Calibration;
using MeshCanary.Analysis.Samples;

namespace MeshCanary.Analysis.Tests.Calibration;

/// <summary>
/// Stable as two endpoints whose error rate and speed vary by themselves from minute to minute, by an autoregression.
/// </summary>
internal sealed class NoisyStable(int seed, double errorNoise = 0, double latencyNoise = 0, double persistence = 0)
{
    private readonly Random _random = new(seed);
    private readonly double[] _errors = new double[2];
    private readonly double[] _latency = new double[2];

    public double ErrorRate { get; init; } = 0.005;

    /// <summary>Requests an endpoint and minute.</summary>
    public long Requests { get; init; } = 6000;

    /// <summary>Goes on to the next minute.</summary>
    public ImmutableArray<EndpointCounts> Minute() => [new("a", Arm(0)), new("b", Arm(1))];

    /// <summary>A minute of which only errors are counted; much quicker.</summary>
    public HalfCounts Errors()
    {
        var (first, second) = (Rate(0), Rate(1));
        return new HalfCounts(Requests, BinomialSampler.Next(_random, Requests, first), Requests, BinomialSampler.Next(_random, Requests, second));
    }

    private ArmCounts Arm(int half)
    {
        var rate = Rate(half);
        return new ArmModel(rate, 1 + (latencyNoise * Step(_latency, half))).Next(_random, Requests);
    }

    private double Rate(int half) => Math.Clamp(ErrorRate * (1 + (errorNoise * Step(_errors, half))), 0, 1);

    private double Step(double[] series, int half) =>
        series[half] = (persistence * series[half]) + (Math.Sqrt(1 - (persistence * persistence)) * Normal());

    private double Normal() => Math.Sqrt(-2 * Math.Log(1 - _random.NextDouble())) * Math.Cos(2 * Math.PI * _random.NextDouble());
}
