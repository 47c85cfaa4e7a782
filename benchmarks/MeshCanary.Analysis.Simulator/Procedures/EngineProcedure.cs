using MeshCanary.Analysis.Judging;

namespace MeshCanary.Analysis.Simulator.Procedures;

/// <summary>
/// This project's judge. It is watched to the end of the hour, as a rollout with many steps does: a Pass is noted and the
/// test for regressions goes on.
/// </summary>
internal sealed class EngineProcedure(AnalysisSettings settings) : IProcedure
{
    private readonly CanaryJudge _judge = new(settings);

    public Outcome Outcome { get; private set; } = Outcome.None;

    public void Observe(RunView view)
    {
        if (Outcome.IsRolledBack)
            return;
        if (view.IsWarmup)
        {
            _judge.Warm(view.Sample);
            return;
        }

        _judge.Observe(view.Sample);
        var kind = _judge.Assess().Kind;
        Outcome = Outcome with { IsHeld = kind is VerdictKind.Invalid or VerdictKind.Inconclusive };
        if (kind == VerdictKind.Fail)
            Outcome = Outcome with { RolledBack = view.Minute };
        else if (kind == VerdictKind.Pass && !Outcome.IsPromoted)
            Outcome = Outcome with { Promoted = view.Minute };
    }
}
