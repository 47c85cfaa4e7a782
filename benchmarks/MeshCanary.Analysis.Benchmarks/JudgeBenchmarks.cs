using BenchmarkDotNet.Attributes;
using MeshCanary.Analysis.Judging;
using MeshCanary.Analysis.Samples;

namespace MeshCanary.Analysis.Benchmarks;

/// <summary>One interval of one canary with four streams (errors, p50, p90, p99): at most 10 µs and no allocation.</summary>
[MemoryDiagnoser]
public class JudgeBenchmarks
{
    private readonly IntervalSample[] _samples = new IntervalSample[64];
    private readonly IntervalSample[] _fleet = new IntervalSample[64];
    private CanaryJudge _judge = new(new AnalysisSettings());
    private CanaryJudge _fleetJudge = new(new AnalysisSettings());
    private int _next;

    [GlobalSetup]
    public void Setup()
    {
        var random = new Random(1);
        for (var i = 0; i < _samples.Length; i++)
            _samples[i] = Interval(random, i);

        _judge = new CanaryJudge(new AnalysisSettings());
        _judge.Warm(_samples[0]);
        for (var i = 0; i < _fleet.Length; i++)
        {
            _fleet[i] = _samples[i] with
            {
                StableEndpoints = [.. Enumerable.Range(0, 16).Select(e => new EndpointCounts($"s{e}", Arm(random, 60)))],
                CanaryEndpoints = [.. Enumerable.Range(0, 16).Select(e => new EndpointCounts($"c{e}", Arm(random, 60)))],
            };
        }

        _fleetJudge = new CanaryJudge(new AnalysisSettings());
        _fleetJudge.Warm(_fleet[0]);
    }

    [Benchmark]
    public void Observe() => _judge.Observe(_samples[_next++ & 63]);

    /// <summary>The most there can be: sixteen endpoints in each arm, and each of the canary's left out in turn.</summary>
    [Benchmark]
    public void ObserveSixteenEndpoints() => _fleetJudge.Observe(_fleet[_next++ & 63]);

    [Benchmark]
    public Verdict Assess() => _judge.Assess();

    internal static IntervalSample Interval(Random random, int number) => new()
    {
        Start = DateTimeOffset.UnixEpoch.AddSeconds(10 * number),
        End = DateTimeOffset.UnixEpoch.AddSeconds(10 * (number + 1)),
        Stable = Arm(random),
        Canary = Arm(random),
        Draws = [new DrawCounts(5000, 1000, 1000)],
    };

    private static ArmCounts Arm(Random random, int requests = 1000)
    {
        Span<long> counts = stackalloc long[LatencyBuckets.Count];
        for (var i = 0; i < requests; i++)
            counts[LatencyBuckets.IndexOf(0.080 * Math.Exp(random.NextDouble() + random.NextDouble() - 1))]++;
        return new ArmCounts { Errors = random.Next(0, 1 + (requests / 100)), Latency = LatencyHistogram.FromCounts(counts) };
    }
}
