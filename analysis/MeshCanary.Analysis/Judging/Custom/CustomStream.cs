using MeshCanary.Analysis.Samples.Custom;

namespace MeshCanary.Analysis.Judging.Custom;

/// <summary>The evidence of one custom metric, by what was answered to its query.</summary>
internal abstract class CustomStream(CustomMetric metric, AnalysisSettings settings)
{
    /// <summary>Display intervals are of 95 %.</summary>
    protected const double DisplayAlpha = 0.05;

    private int _answered;
    private int _unanswered;
    private string? _absence;
    private DateTimeOffset? _through;

    /// <summary>What it is set to.</summary>
    public CustomMetric Metric { get; } = metric;

    /// <summary>ln of the FAIL e-process now.</summary>
    public abstract double FailEvidence { get; }

    /// <summary>ln of the PASS e-process at its highest.</summary>
    protected abstract double PassEvidence { get; }

    /// <summary>What broke it; null for all but a guard that is broken.</summary>
    public virtual CustomBreach? Breach => null;

    /// <summary>The run's settings.</summary>
    protected AnalysisSettings Settings { get; } = settings;

    /// <summary>Takes a reading, in the order of time.</summary>
    public void Take(CustomReading reading)
    {
        _through = reading.To;
        _absence = reading.Absence;
        if (_absence is null)
            _absence = reading.IsWarmup ? Learn(reading) : Observe(reading);
        if (reading.IsWarmup)
            return;
        if (_absence is null)
            _answered++;
        else
            _unanswered++;
    }

    /// <summary>What it shows, at the end of the newest interval.</summary>
    /// <param name="end">End of the newest interval.</param>
    /// <param name="weight">Its part of the FAIL evidence.</param>
    /// <param name="adjusted">Its FAIL evidence after closure, at its highest.</param>
    public CustomEvidence Describe(DateTimeOffset? end, double weight, double adjusted)
    {
        var missing = Missing(end);
        return Show(new CustomEvidence
        {
            Metric = Metric.Name,
            Kind = Metric.Kind,
            Required = Metric.Required,
            IsProven = missing is null,
            Missing = missing,
            Answered = _answered,
            Unanswered = _unanswered,
            Weight = weight,
            FailEvidence = FailEvidence,
            AdjustedFailEvidence = adjusted,
            PassEvidence = PassEvidence,
            Score = Metric.Kind == CustomKind.Guard ? 50 : Scoring.Metric(PassEvidence, adjusted, Settings),
        });
    }

    public CustomState Save() => Save(new CustomState
    {
        Metric = Metric.Name,
        Answered = _answered,
        Unanswered = _unanswered,
        Absence = _absence,
        Through = _through,
    });

    /// <exception cref="ArgumentException">The state belongs to other settings.</exception>
    public void Restore(CustomState state)
    {
        if (state.Metric != Metric.Name)
            throw new ArgumentException($"The saved state holds '{state.Metric}' where the settings have '{Metric.Name}': it belongs to other settings.", nameof(state));
        (_answered, _unanswered, _absence, _through) = (state.Answered, state.Unanswered, state.Absence, state.Through);
        Load(state);
    }

    /// <summary>Learns from an answer of the warm-up; returns why it is of no use, or null.</summary>
    protected virtual string? Learn(CustomReading reading) => null;

    /// <summary>Takes an answer; returns why it is of no use, or null.</summary>
    protected abstract string? Observe(CustomReading reading);

    /// <summary>What is missing to a proof besides answers; null when nothing is.</summary>
    protected virtual string? Unproven() => PassEvidence >= -Math.Log(Settings.FalsePromotionRate)
        ? null
        : Explaining.Words.Say($"its evidence is {Explaining.Words.Evidence(PassEvidence)} of {-Math.Log(Settings.FalsePromotionRate):0.0} needed");

    /// <summary>Adds what the kind has to show.</summary>
    protected abstract CustomEvidence Show(CustomEvidence evidence);

    /// <summary>Adds what the kind has to keep.</summary>
    protected abstract CustomState Save(CustomState state);

    /// <summary>Takes what the kind has kept.</summary>
    protected abstract void Load(CustomState state);

    private string? Missing(DateTimeOffset? end)
    {
        if (_absence is not null)
            return $"its source gave no answer for the time up to {_through:HH:mm:ss} UTC: {_absence}";
        if (_through is not { } through)
            return "its source was not asked yet";
        if (_answered == 0)
            return "there is no answer from after the warm-up yet";
        if (end - through > Metric.Patience)
            return $"its newest answer is about the time up to {through:HH:mm:ss} UTC, too long ago";
        return Unproven();
    }
}
