using System.Globalization;
using MeshCanary.Analysis.Judging;
using MeshCanary.Analysis.Samples;

namespace MeshCanary.Analysis.Kayenta;

/// <summary>
/// Kayenta mode of one rollout: interval counts in, assessment out. Every step becomes one value per metric and arm; when
/// the window of a judgement is complete, it is made. Time is the time of the intervals. Deterministic: the same settings
/// and samples give the same bits. Not thread-safe; one run, one caller at a time.
/// </summary>
public sealed class KayentaEvaluation
{
    private readonly KayentaSchedule _schedule;
    private readonly KayentaJudge _judge;
    private readonly KayentaRun _run;
    private readonly KayentaRecorder _recorder;
    private KayentaJudgement? _last;

    /// <summary>An evaluation that has seen nothing.</summary>
    /// <exception cref="ArgumentException">Settings are outside their range; the message names each of them.</exception>
    public KayentaEvaluation(KayentaSettings settings)
    {
        ArgumentNullException.ThrowIfNull(settings);
        var problems = settings.Validate();
        if (problems.Length > 0)
            throw new ArgumentException(string.Join(' ', problems.Select(problem => $"{problem.Setting} {problem.Message}")), nameof(settings));
        _schedule = settings.Schedule;
        _judge = new KayentaJudge(settings.Config, settings.Version, settings.NoiseSeed);
        _run = new KayentaRun(settings.Version, settings.Config.Thresholds.Pass, settings.Config.Thresholds.Marginal, _schedule.Judgements);
        _recorder = new KayentaRecorder(settings);
    }

    /// <summary>End of the last interval taken: a caller that repeats itself after a crash skips what is not later.</summary>
    public DateTimeOffset? LastEnd { get; private set; }

    /// <summary>An evaluation that goes on where <see cref="Save"/> left off.</summary>
    /// <exception cref="ArgumentException">The settings are wrong, or the state belongs to other settings or versions.</exception>
    public static KayentaEvaluation Restore(KayentaSettings settings, KayentaState state)
    {
        ArgumentNullException.ThrowIfNull(state);
        var evaluation = new KayentaEvaluation(settings);
        evaluation.Load(state);
        return evaluation;
    }

    /// <summary>Takes an interval, and judges when that completes a window. In a three-way rollout the baseline arm is the control.</summary>
    /// <exception cref="ArgumentException">The sample contradicts itself.</exception>
    public void Observe(IntervalSample sample)
    {
        SampleCheck.Require(sample);
        LastEnd = sample.End;
        if (_run.Decision.IsOver)
            return;
        _recorder.Observe(sample);
        while (!_run.Decision.IsOver && NextWindow() is { } window && window.End <= _recorder.CompleteUpTo)
        {
            _last = _judge.Judge(_recorder.Pairs(window));
            _run.Add(_last.Score);
        }

        if (_run.Decision.IsOver)
            _recorder.Clear();
    }

    /// <summary>How it stands after all intervals so far.</summary>
    public KayentaAssessment Assess()
    {
        var next = _run.Decision.IsOver ? null : NextWindow()?.End;
        return new KayentaAssessment
        {
            Kind = _run.Decision.Passed switch
            {
                true => VerdictKind.Pass,
                false => VerdictKind.Fail,
                null => VerdictKind.NotEnoughData,
            },
            Reason = Reason(next),
            LastJudgement = _last,
            Made = _run.Made,
            Planned = _schedule.Judgements,
            NextJudgement = next,
        };
    }

    /// <summary>The whole state, serialisable.</summary>
    public KayentaState Save() => _recorder.Save(LastEnd, _run.Scores, _last);

    private KayentaWindow? NextWindow() => _recorder.Origin is { } origin ? _schedule.Window(_run.Made + 1, origin) : null;

    private string Reason(DateTimeOffset? next)
    {
        var said = _last is null ? _run.Decision.Reason : $"Judgement {_run.Made} of {_schedule.Judgements}: {_last.Reason} {_run.Decision.Reason}";
        return next is { } time ? string.Create(CultureInfo.InvariantCulture, $"{said} The next judgement is due at {time.UtcDateTime:yyyy-MM-dd HH:mm:ss} UTC.") : said;
    }

    private void Load(KayentaState state)
    {
        if (state.Layout != KayentaState.CurrentLayout)
            throw new ArgumentException($"The saved state has layout {state.Layout}; this engine reads {KayentaState.CurrentLayout}.", nameof(state));
        if (state.Scores.IsDefault || state.Scores.Length > _schedule.Judgements || (state.LastJudgement is null) != state.Scores.IsEmpty)
            throw new ArgumentException("The saved state does not hold the judgements of the settings: it belongs to other settings.", nameof(state));
        foreach (var score in state.Scores)
        {
            if (_run.Decision.IsOver)
                throw new ArgumentException("The saved state goes on after its run is over: it belongs to other settings.", nameof(state));
            _run.Add(score);
        }

        _recorder.Restore(state, _run.Decision.IsOver);
        (LastEnd, _last) = (state.LastEnd, state.LastJudgement);
    }
}
