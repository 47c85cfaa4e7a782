using MeshCanary.Rollouts.Deciding.Moves;
using MeshCanary.Rollouts.Specs;
using MeshCanary.Rollouts.States;

namespace MeshCanary.Rollouts.Deciding.Phases;

internal sealed class ReleasingPhase : IPhase
{
    public RolloutStatus Decide(Turn turn, RolloutStatus status)
    {
        if (status.Released)
            return status with { WaitingFor = null };
        // Where the proxies are pods of the Canary's own, none that is ready means that none serves; elsewhere they may be on their way back.
        var isEmpty = turn.Seen.Traffic.Proxies == 0 && turn.Spec.Workload.Kind != WorkloadSpec.Static;
        var deadline = status.PhaseSince + (isEmpty ? HoldLimits.RemovalOfPods : HoldLimits.Removal);
        var late = turn.Now >= deadline;
        // Where no proxy is connected no traffic is ours, and nobody is left to acknowledge.
        var isBack = turn.Seen.Workload is not { } workload || workload.Home == status.Stable;
        if (isBack && (turn.IsAcknowledged(status) || (late && turn.Seen.Traffic.Proxies == 0)))
        {
            turn.Tell(EventKinds.Released, $"{status.Stable.Name} serves all traffic; nothing of this Canary is left.", null);
            return status with { Released = true, WaitingFor = null };
        }

        var what = turn.IsAcknowledged(status) ? $"the workload to hold {status.Stable.Name} as its own" : turn.ProxiesTo($"acknowledge the route to {status.Stable.Name}");
        return turn.Waiting(status.TellOverdue(turn, deadline, what), what, deadline, "it is removed if no proxy is connected, or else goes on");
    }
}
