using BenchmarkDotNet.Attributes;
using MeshCanary.Analysis.Hypotheses;
using MeshCanary.Analysis.Hypotheses.Ranks;

namespace MeshCanary.Analysis.Benchmarks;

/// <summary>
/// The rank test of two arms of latencies: U with its p-value, and the shift with its interval on top. 10,000 against
/// 10,000 with the interval at most as slow as SciPy's test alone (compare-ranks.sh measures both).
/// </summary>
[MemoryDiagnoser]
public class RankBenchmarks
{
    private readonly MannWhitneyTest _whole = new();
    private double[] _canary = [];
    private double[] _stable = [];

    [Params(10, 100, 1000, 10_000, 100_000)]
    public int Size { get; set; }

    [GlobalSetup]
    public void Setup()
    {
        var random = new Random(1);
        _canary = RankWorkload.Latencies(random, Size, 1.01);
        _stable = RankWorkload.Latencies(random, Size, 1);
    }

    [Benchmark]
    public double Rank() => MannWhitney.PValue(_canary, _stable, Alternative.TwoSided, MannWhitneyMethod.Asymptotic);

    [Benchmark]
    public double Shift() => HodgesLehmann.Estimate(_canary, _stable)!.Value.Value;

    [Benchmark]
    public HypothesisResult RankWithShift() => _whole.Test(new TwoSamples(_canary, _stable), TestOptions.Default);
}
