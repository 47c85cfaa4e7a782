using MeshCanary.Rollouts.States;

namespace MeshCanary.Rollouts.Deciding.Moves;

/// <summary>The progress deadline of a step: time without capacity, acknowledgement or a sound split adds up.</summary>
internal static class Stalls
{
    public static Run Begin(Turn turn, Run run) => run.StalledSince is null ? run with { StalledSince = turn.Now } : run;

    public static Run End(Turn turn, Run run)
    {
        if (run.StalledSince is not { } since)
            return run;
        var spent = turn.Now > since ? turn.Now - since : TimeSpan.Zero;
        return run with { StalledSince = null, StalledFor = run.StalledFor + spent };
    }

    public static DateTimeOffset Deadline(Turn turn, Run run) =>
        (run.StalledSince ?? turn.Now) + turn.Spec.ProgressDeadline - run.StalledFor;
}
