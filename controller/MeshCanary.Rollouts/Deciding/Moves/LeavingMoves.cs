using MeshCanary.Rollouts.Revisions;
using MeshCanary.Rollouts.States;

namespace MeshCanary.Rollouts.Deciding.Moves;

/// <summary>Letting arms go: no traffic, then every proxy's word that there is none, then time for what they still serve.</summary>
internal static class LeavingMoves
{
    /// <summary>An arm gets no traffic from now on. Where versions are given as addresses nobody takes anything down.</summary>
    public static RolloutStatus Leave(Turn turn, RolloutStatus status, Revision revision) =>
        turn.Seen.Workload is null ? status : status with { Leaving = LeavingArms.With(status.Leaving, revision) };

    /// <summary>
    /// Brings the arms that leave further. One that is stable again stays; one that is a canary again is kept as large as it is, until
    /// every proxy has its new share and what it served before has had its time.
    /// </summary>
    public static RolloutStatus Advance(Turn turn, RolloutStatus status)
    {
        if (status.Leaving is not { } leaving)
            return status;
        var acknowledged = turn.IsAcknowledged(status);
        var left = leaving.All
            .Where(arm => !IsWanted(status, arm.Revision))
            .Select(arm => arm.Until is null && acknowledged ? arm with { Until = turn.Now + turn.Spec.Workload.Drain } : arm)
            .Where(arm => arm.Until is null || arm.Until > turn.Now)
            .ToList();
        foreach (var until in left.Select(arm => arm.Until).OfType<DateTimeOffset>())
            turn.WakeBy(until);
        return status with { Leaving = LeavingArms.Of(left) };
    }

    private static bool IsWanted(RolloutStatus status, Revision revision) => status.Stable == revision || status.Previous == revision;
}
