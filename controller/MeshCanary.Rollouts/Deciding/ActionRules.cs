using MeshCanary.Rollouts.States;

namespace MeshCanary.Rollouts.Deciding;

/// <summary>Whether an action makes sense: the same answer for the API at once and for the decision later. Pure.</summary>
public static class ActionRules
{
    /// <summary>Why an action makes no sense in a status, in plain words with a remedy; null when it does.</summary>
    public static string? Refusal(RolloutStatus status, ActionKind kind)
    {
        ArgumentNullException.ThrowIfNull(status);
        var hold = status.Phase == Phase.Paused ? status.Run?.Hold?.Kind : null;
        return kind switch
        {
            ActionKind.Pause => status.Phase switch
            {
                Phase.Progressing => null,
                Phase.Paused => "the run is held already",
                Phase.Promoting => "the run is being promoted; abort it to return to stable",
                _ => NoRun(status, "pause"),
            },
            ActionKind.Resume => hold switch
            {
                HoldKind.Approval => "the run waits for an approval; approve or reject it",
                null => "the run is not paused",
                _ => null,
            },
            ActionKind.Approve or ActionKind.Reject => hold == HoldKind.Approval ? null : "no approval is waited for",
            ActionKind.Abort => status.Phase is Phase.Progressing or Phase.Paused or Phase.Promoting or Phase.Baking ? null : NoRun(status, "abort"),
            ActionKind.Retry => status.Phase == Phase.Failed ? null : "only a failed revision can be tried again",
            ActionKind.Promote => CanPromote(status) ? null : NoRun(status, "promote"),
            _ => $"there is no action '{kind}'",
        };
    }

    // A rollback that keeps its weight waits for a stable version that is down: a person may choose the canary instead.
    private static bool CanPromote(RolloutStatus status) =>
        status.Phase is Phase.Progressing or Phase.Paused || status is { Phase: Phase.RollingBack, Run: { Weight.Value: > 0, Outcome: not RunOutcome.ReturnedToStable } };

    private static string NoRun(RolloutStatus status, string verb) => status.Phase switch
    {
        Phase.Promoting => "the run is being promoted already",
        Phase.Baking => $"{status.Stable.Name} is promoted already; abort returns to {status.Previous?.Name}",
        Phase.RollingBack => "the run is being rolled back already",
        Phase.Failed => $"the run has ended; retry tries {status.Run?.Canary.Name} again",
        Phase.Releasing => "the Canary is being removed",
        _ => $"there is no run to {verb}; announce a new revision first",
    };
}
