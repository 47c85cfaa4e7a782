using MeshCanary.Analysis.Explaining;
using MeshCanary.Analysis.Samples.Custom;

namespace MeshCanary.Analysis.Judging.Custom;

/// <summary>Watches one value of the canary, or of both arms; once broken it stays broken.</summary>
internal sealed class GuardStream(CustomMetric metric, AnalysisSettings settings) : CustomStream(metric, settings)
{
    private CustomGuardState _state = new(0, 0, null, null, null);

    public override double FailEvidence => 0;

    public override CustomBreach? Breach => _state.Breach;

    protected override double PassEvidence => 0;

    protected override string? Learn(CustomReading reading) => Observe(reading);

    protected override string? Observe(CustomReading reading)
    {
        if (reading.Canary?.Value is not { } canary || (Metric.BothArms && reading.Stable?.Value is null))
            return "the answer holds no number";
        var stable = reading.Stable?.Value;
        var beyond = Beyond("canary", canary) ?? (Metric.BothArms ? Beyond("stable", stable!.Value) : null);
        var (over, within) = beyond is null ? (0, _state.WithinInARow + 1) : (_state.BeyondInARow + 1, 0);
        var breach = _state.Breach ?? (over >= Metric.Intervals ? beyond! with { Readings = over } : null);
        _state = new CustomGuardState(over, within, canary, stable, breach);
        return null;
    }

    protected override string? Unproven()
    {
        if (_state.BeyondInARow > 0)
            return "its newest value is beyond the limit";
        return _state.WithinInARow >= Metric.Intervals ? null : Words.Say($"{_state.WithinInARow} of {Metric.Intervals} values in a row are within the limits");
    }

    protected override CustomEvidence Show(CustomEvidence evidence) => evidence with { Canary = _state.Canary, Stable = _state.Stable };

    protected override CustomState Save(CustomState state) => state with { Guard = _state };

    protected override void Load(CustomState state) => _state = state.Guard ?? throw new ArgumentException($"The saved state of {Metric.Name} is not one of a guard.", nameof(state));

    private CustomBreach? Beyond(string arm, double value)
    {
        if (value > Metric.Max)
            return new CustomBreach(Metric.Name, arm, value, Metric.Max.Value, true, 0);
        return value < Metric.Min ? new CustomBreach(Metric.Name, arm, value, Metric.Min.Value, false, 0) : null;
    }
}
