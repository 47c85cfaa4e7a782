using System.Collections.Immutable;
using MeshCanary.Analysis.Calibration;
using MeshCanary.Analysis.Samples;
using MeshCanary.Analysis.Tests.Simulation;

namespace MeshCanary.Analysis.Tests.Judging;

/// <summary>Intervals of arms that are counted by endpoint, from a seed.</summary>
internal static class Fleet
{
    /// <summary>
    /// One interval: each endpoint serves as many requests as every other, and fails them at its own rate. Latencies are
    /// all in one bucket.
    /// </summary>
    public static IntervalSample Interval(
        Random random, int index, double[] canaryErrors, double? baselineErrors = null, double stableErrors = 0.005, long perEndpoint = 300, int stableEndpoints = 3)
    {
        ImmutableArray<EndpointCounts> canary = [.. canaryErrors.Select((rate, i) => new EndpointCounts($"c{i}", Arm(random, perEndpoint, rate)))];
        ImmutableArray<EndpointCounts> stable = [.. Enumerable.Range(0, stableEndpoints).Select(i => new EndpointCounts($"s{i}", Arm(random, perEndpoint, stableErrors)))];
        var sample = Traffic.Interval(index, Sum(stable), Sum(canary));
        return sample with
        {
            Draws = [],
            StableEndpoints = stable,
            CanaryEndpoints = canary,
            Baseline = baselineErrors is { } rate ? Arm(random, perEndpoint * canaryErrors.Length, rate) : null,
        };
    }

    public static ArmCounts Arm(Random random, long requests, double errorRate)
    {
        var errors = BinomialSampler.Next(random, requests, errorRate);
        return Traffic.Arm(errors, requests - errors);
    }

    /// <summary>A fresh calibration of the default metrics: 5000 stable requests, all as fast, half a percent failed.</summary>
    public static CalibrationProfile Profile(double overdispersion = 2) => new()
    {
        Standing = CalibrationStanding.Fresh,
        Metrics =
        [
            .. new[] { "errors", "latencyP50", "latencyP90", "latencyP99" }.Select(metric => new MetricCalibration
            {
                Metric = metric,
                Overdispersion = overdispersion,
                Blocks = 1440,
                UpperBound = overdispersion,
            }),
        ],
        StableErrors = 25,
        StableLatency = Traffic.Arm(0, 4975).Latency,
    };

    private static ArmCounts Sum(ImmutableArray<EndpointCounts> endpoints) => endpoints.Aggregate(ArmCounts.None, (sum, endpoint) => sum.Merge(endpoint.Counts));
}
