using MeshCanary.Rollouts.States;
using MeshCanary.Splitting.Weights;

namespace MeshCanary.Rollouts.Deciding.Moves;

/// <summary>Brings the canary to a weight without ever asking for more than its ready endpoints can serve.</summary>
internal static class Ramp
{
    /// <summary>Takes all weight from a canary that is known to have no ready endpoint.</summary>
    public static RolloutStatus DropWithoutCapacity(Turn turn, RolloutStatus status)
    {
        var run = status.Run!;
        if (run.Weight.Value == 0 || !turn.IsDown(run.Canary))
            return status;
        turn.Tell(EventKinds.CapacityLost, $"{run.Canary.Name} has no ready endpoint left: its weight goes from {run.Weight} to 0%.", run);
        return status with { Run = run with { Weight = default } };
    }

    /// <summary>Raises the weight once every endpoint that it needs is ready.</summary>
    public static RolloutStatus Raise(Turn turn, RolloutStatus status, BasisPoints weight)
    {
        var run = status.Run!;
        if (run.Weight.Value >= weight.Value || !turn.CanServe(run.Canary, weight))
            return status;
        turn.Tell(
            EventKinds.WeightRaised,
            $"{run.Canary.Name} goes from {run.Weight} to {weight}; {Spoken.Of(turn.Ready(run.Canary)!.Value, "endpoint")} ready.",
            run);
        return status with { Run = run with { Weight = weight } };
    }

    /// <summary>What the weight still waits for, in plain words; null when it is in force everywhere.</summary>
    public static string? Missing(Turn turn, RolloutStatus status, BasisPoints weight)
    {
        var run = status.Run!;
        return run.Weight != weight ? Capacity(turn, run, weight) : turn.IsAcknowledged(status) ? null : turn.ProxiesTo($"acknowledge {weight} for {run.Canary.Name}");
    }

    /// <summary>What is waited for until a canary can serve a share, in plain words.</summary>
    public static string Capacity(Turn turn, Run run, BasisPoints weight)
    {
        var ready = turn.Ready(run.Canary) is { } count ? $"{count} ready" : "not looked at yet";
        if (turn.Seen.Workload?.Problem is { } problem)
            ready = $"{ready}; {problem}";
        return $"{run.Canary.Name} to have all of its {Spoken.Of(turn.Needed(run.Canary, weight), "endpoint")} ready ({ready})";
    }
}
