using MeshCanary.Analysis.Display;
using MeshCanary.Analysis.Samples.Custom;
using MeshCanary.Analysis.Sequential;

namespace MeshCanary.Analysis.Judging.Custom;

/// <summary>
/// Compares one number per arm and reading: differences of pairs, beyond the tolerance for FAIL and within harm for PASS, by the
/// symmetry e-process. Both ways worse: FAIL is the mean of the two sides, PASS the lesser.
/// </summary>
internal sealed class ComparisonStream : CustomStream
{
    private readonly double[] _signs;
    private readonly PairedProcess[] _fail;
    private readonly PairedProcess[] _pass;
    private readonly double[] _logs;
    private readonly double[] _weights;
    private MeanSequence _means = new(DisplayAlpha);
    private double _canary;
    private double _stable;

    public ComparisonStream(CustomMetric metric, AnalysisSettings settings) : base(metric, settings)
    {
        _signs = metric.Worse switch { WorseDirection.Increase => [1], WorseDirection.Decrease => [-1], _ => [1, -1] };
        _fail = Array.ConvertAll(_signs, _ => new PairedProcess(new StartPrior(Streams.ComparedMetric.FirstStart, settings.PlannedIntervals)));
        _pass = Array.ConvertAll(_signs, _ => new PairedProcess(StartPrior.AtOnce));
        _logs = new double[_signs.Length];
        _weights = Array.ConvertAll(_signs, _ => 1.0);
    }

    public override double FailEvidence
    {
        get
        {
            for (var side = 0; side < _fail.Length; side++)
                _logs[side] = _fail[side].LogEvidence;
            return EvidenceMerging.Average(_logs, _weights);
        }
    }

    protected override double PassEvidence => _pass.Min(process => process.Highest);

    protected override string? Observe(CustomReading reading)
    {
        if (reading.Canary?.Value is not { } canary || reading.Stable?.Value is not { } stable)
            return "the answer does not hold a number of each arm";
        if (!_means.Observe(canary - stable))
            return "the numbers are too large to compare";
        var (tolerated, harm) = (Room(Metric.ToleranceAbsolute, Metric.ToleranceRelative, stable), Room(Metric.HarmAbsolute, Metric.HarmRelative, stable));
        for (var side = 0; side < _signs.Length; side++)
        {
            _fail[side].Observe((_signs[side] * (canary - stable)) - tolerated);
            _pass[side].Observe(harm - (_signs[side] * (canary - stable)));
        }

        var count = _means.Save().Count;
        _canary += (canary - _canary) / count;
        _stable += (stable - _stable) / count;
        return null;
    }

    protected override CustomEvidence Show(CustomEvidence evidence)
    {
        if (_means.Save().Count == 0)
            return evidence;
        var shown = _means.Interval();
        return evidence with
        {
            Canary = _canary,
            Stable = _stable,
            Difference = shown.Estimate,
            DifferenceLow = double.IsFinite(shown.Low) ? shown.Low : null,
            DifferenceHigh = double.IsFinite(shown.High) ? shown.High : null,
        };
    }

    protected override CustomState Save(CustomState state) => state with
    {
        Pairs = [.. _fail.Select(process => process.Save()), .. _pass.Select(process => process.Save())],
        Means = _means.Save(),
        CanaryMean = _canary,
        StableMean = _stable,
    };

    protected override void Load(CustomState state)
    {
        if (state.Pairs.IsDefault || state.Pairs.Length != 2 * _signs.Length || state.Means is not { } means)
            throw new ArgumentException($"The saved state of {Metric.Name} is not one of a comparison of these settings.", nameof(state));
        for (var side = 0; side < _signs.Length; side++)
        {
            _fail[side].Restore(state.Pairs[side]);
            _pass[side].Restore(state.Pairs[_signs.Length + side]);
        }

        _means = new MeanSequence(DisplayAlpha);
        _means.Restore(means);
        (_canary, _stable) = (state.CanaryMean, state.StableMean);
    }

    private static double Room(double absolute, double relative, double stable) => absolute + (relative * Math.Abs(stable));
}
