using BenchmarkDotNet.Attributes;
using MeshCanary.Analysis.Judging;
using MeshCanary.Analysis.Samples;

namespace MeshCanary.Analysis.Benchmarks;

/// <summary>2,500 canaries with four metrics each, 10,000 streams: what one interval of all of them costs, on one core.</summary>
[MemoryDiagnoser]
public class FleetBenchmarks
{
    private const int Canaries = 2500;
    private readonly CanaryJudge[] _judges = new CanaryJudge[Canaries];
    private readonly IntervalSample[] _samples = new IntervalSample[16];
    private JudgeState _state = new CanaryJudge(new AnalysisSettings()).Save();
    private int _next;

    [GlobalSetup]
    public void Setup()
    {
        var random = new Random(1);
        for (var i = 0; i < _samples.Length; i++)
            _samples[i] = JudgeBenchmarks.Interval(random, i);
        for (var c = 0; c < Canaries; c++)
        {
            _judges[c] = new CanaryJudge(new AnalysisSettings());
            _judges[c].Warm(_samples[0]);
        }

        _state = _judges[0].Save();
    }

    [Benchmark]
    public void ObserveTenThousandStreams()
    {
        var sample = _samples[_next++ & 15];
        foreach (var judge in _judges)
            judge.Observe(sample);
    }

    /// <summary>One canary the way the controller does it: restore, observe, assess, save.</summary>
    [Benchmark]
    public JudgeState RestoreObserveAssessSave()
    {
        var judge = CanaryJudge.Restore(new AnalysisSettings(), _state);
        judge.Observe(_samples[_next++ & 15]);
        judge.Assess();
        return judge.Save();
    }
}
