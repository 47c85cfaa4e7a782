using MathNet.Numerics.Distributions;
using MeshCanary.Analysis.Samples;

namespace MeshCanary.Analysis.Tests.Simulation;

/// <summary>A version of a service: its error rate and a lognormal latency (p50 80 ms, p99 400 ms unless told).</summary>
internal sealed class ArmModel
{
    private readonly double _errorRate;
    private readonly double[] _shares;

    public ArmModel(double errorRate = 0.005, double slowdown = 1, double tailSlowdown = 1)
    {
        _errorRate = errorRate;
        var sigma = Math.Log(5) / 2.3263478740408408;
        _shares = new double[LatencyBuckets.Count];
        var before = 0.0;
        for (var bucket = 0; bucket < LatencyBuckets.Count; bucket++)
        {
            var edge = LatencyBuckets.UpperEdgeSeconds(bucket) / slowdown;
            var upTo = double.IsInfinity(edge) ? 1 : LogNormal.CDF(Math.Log(0.080), sigma, edge);

            // A slower tail: quantiles beyond the 95th are stretched.
            if (tailSlowdown > 1 && upTo > 0.95 && !double.IsInfinity(edge))
                upTo = Math.Max(0.95, LogNormal.CDF(Math.Log(0.080), sigma, edge / tailSlowdown));
            _shares[bucket] = Math.Max(0, upTo - before);
            before = Math.Max(before, upTo);
        }
    }

    public ArmCounts Next(Random random, long requests)
    {
        var errors = BinomialSampler.Next(random, requests, _errorRate);
        Span<long> counts = stackalloc long[LatencyBuckets.Count];
        var (left, share) = (requests - errors, 1.0);
        for (var bucket = 0; bucket < counts.Length && left > 0; bucket++)
        {
            if (_shares[bucket] <= 0)
                continue;
            counts[bucket] = bucket == LatencyBuckets.Overflow ? left : BinomialSampler.Next(random, left, Math.Min(1, _shares[bucket] / share));
            left -= counts[bucket];
            share = Math.Max(1e-300, share - _shares[bucket]);
        }

        counts[LatencyBuckets.Overflow] += left;
        return new ArmCounts { Errors = errors, Latency = LatencyHistogram.FromCounts(counts) };
    }
}
