using System.Collections.Immutable;
using MeshCanary.Rollouts.Revisions;
using MeshCanary.Rollouts.States;
using MeshCanary.Splitting.Weights;

namespace MeshCanary.Rollouts.Deciding;

/// <summary>
/// What the workload should look like: a function of the status alone, so that a restart asks for the same. What is in
/// neither place has no pods.
/// </summary>
/// <param name="Home">The revision that stays when MeshCanary goes.</param>
/// <param name="Arms">What runs beside it.</param>
public sealed record WorkloadPlan(Revision Home, ImmutableArray<ArmPlan> Arms)
{
    private static readonly BasisPoints Whole = new(BasisPoints.Whole);

    /// <summary>The plan that a status asks for.</summary>
    public static WorkloadPlan For(RolloutStatus status)
    {
        ArgumentNullException.ThrowIfNull(status);
        var home = status is { Phase: Phase.Promoting, Run: { HandoverAt: not null } handing } ? handing.Canary : status.Stable;
        var leaving = status.Leaving?.All ?? [];
        // What leaves and is wanted again at once (a retry, edited steps) still serves what it had when it was larger.
        var wanted = Wanted(status).Select(arm => arm with { Keeps = leaving.Any(left => left.Revision == arm.Revision) });
        var arms = wanted.Concat(leaving.Select(arm => new ArmPlan(arm.Revision, null)));
        return new WorkloadPlan(home, [.. arms.Where(arm => arm.Revision != home).DistinctBy(arm => arm.Revision)]);
    }

    private static IEnumerable<ArmPlan> Wanted(RolloutStatus status)
    {
        switch (status.Phase)
        {
            case Phase.Progressing or Phase.Paused or Phase.Promoting when status.Run is { } run:
                yield return new ArmPlan(run.Canary, run.Reach.Value > run.Weight.Value ? run.Reach : run.Weight);
                // It is an arm once the canary has the home, and stays whole for the way back.
                yield return new ArmPlan(status.Stable, Whole);
                break;
            case Phase.RollingBack when status.Run is { } run:
                yield return new ArmPlan(run.Canary, null);
                break;
            case Phase.Baking when status.Previous is { } previous:
                yield return new ArmPlan(previous, Whole);
                break;
            default:
                break;
        }
    }

    /// <summary>Same home and same arms in the same order.</summary>
    public bool Equals(WorkloadPlan? other) => other is not null && Home == other.Home && Arms.SequenceEqual(other.Arms);

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(Home, Arms.Length);
}
