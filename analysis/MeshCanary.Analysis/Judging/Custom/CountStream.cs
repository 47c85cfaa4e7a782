using MeshCanary.Analysis.Judging.Streams;
using MeshCanary.Analysis.Samples.Custom;
using MeshCanary.Analysis.Sequential;

namespace MeshCanary.Analysis.Judging.Custom;

/// <summary>
/// Compares events of totals by the test of errors. Where fewer events are worse, what is not an event is bad: p_c ≥ (1−r)·p_b − a
/// is 1−p_c ≤ (a+r) + (1−r)·(1−p_b), a margin like any other. Both ways worse: FAIL is the mean of the two sides, PASS the lesser.
/// </summary>
internal sealed class CountStream : CustomStream
{
    private readonly bool[] _inverse;
    private readonly ShareTest[] _tests;
    private readonly double[] _logs;
    private readonly double[] _weights;

    public CountStream(CustomMetric metric, AnalysisSettings settings) : base(metric, settings)
    {
        _inverse = metric.Worse switch { WorseDirection.Increase => [false], WorseDirection.Decrease => [true], _ => [false, true] };
        _tests = Array.ConvertAll(_inverse, inverse => new ShareTest(
            Margin(inverse, metric.ToleranceAbsolute, metric.ToleranceRelative), Margin(inverse, metric.HarmAbsolute, metric.HarmRelative), metric.Overdispersion, settings.PlannedIntervals));
        _logs = new double[_tests.Length];
        _weights = Array.ConvertAll(_tests, _ => 1.0);
    }

    public override double FailEvidence
    {
        get
        {
            for (var side = 0; side < _tests.Length; side++)
                _logs[side] = _tests[side].FailEvidence;
            return EvidenceMerging.Average(_logs, _weights);
        }
    }

    protected override double PassEvidence => _tests.Min(test => test.PassEvidence);

    /// <summary>The margin of the bad events' share.</summary>
    public static Margin Margin(bool inverse, double absolute, double relative) =>
        inverse ? new Margin(absolute + relative, -relative) : new Margin(absolute, relative);

    protected override string? Learn(CustomReading reading)
    {
        if (Tally(reading.Stable) is { } stable)
        {
            for (var side = 0; side < _tests.Length; side++)
                _tests[side].Learn(Bad(side, stable));
        }

        return null;
    }

    protected override string? Observe(CustomReading reading)
    {
        if (Tally(reading.Canary) is not { } canary || Tally(reading.Stable) is not { } stable)
            return "the answer does not hold events and a total of each arm";
        for (var side = 0; side < _tests.Length; side++)
        {
            var bad = Bad(side, canary);
            _tests[side].Observe(bad, bad, bad, Bad(side, stable));
        }

        return null;
    }

    protected override CustomEvidence Show(CustomEvidence evidence)
    {
        var (test, inverse) = (_tests[0], _inverse[0]);
        if (test.Canary.Requests == 0 || test.Stable.Requests == 0)
            return evidence;
        var shown = test.Difference(DisplayAlpha);
        var (canary, stable) = (Share(test.Canary), Share(test.Stable));
        return inverse
            ? evidence with { Canary = 1 - canary, Stable = 1 - stable, Difference = -shown.Difference, DifferenceLow = -shown.High, DifferenceHigh = -shown.Low }
            : evidence with { Canary = canary, Stable = stable, Difference = shown.Difference, DifferenceLow = shown.Low, DifferenceHigh = shown.High };
    }

    protected override CustomState Save(CustomState state) => state with { Shares = [.. _tests.Select(test => test.Save())] };

    protected override void Load(CustomState state)
    {
        if (state.Shares.IsDefault || state.Shares.Length != _tests.Length)
            throw new ArgumentException($"The saved state of {Metric.Name} is not one of counts of these settings.", nameof(state));
        for (var side = 0; side < _tests.Length; side++)
            _tests[side].Restore(state.Shares[side]);
    }

    private Tally Bad(int side, Tally counts) => _inverse[side] ? new Tally(counts.Requests, counts.Requests - counts.Events) : counts;

    private static Tally? Tally(CustomValues? values) => values is { Events: { } events, Total: { } total } ? new Tally(total, events) : null;

    private static double Share(Tally tally) => (double)tally.Events / tally.Requests;
}
