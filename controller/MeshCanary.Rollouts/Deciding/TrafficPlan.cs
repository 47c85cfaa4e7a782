using MeshCanary.Rollouts.Revisions;
using MeshCanary.Rollouts.States;
using MeshCanary.Splitting.Weights;

namespace MeshCanary.Rollouts.Deciding;

/// <summary>Where traffic should go: a function of the status alone, so that a restart asks for the same.</summary>
public sealed record TrafficPlan
{
    /// <summary>What the stable arm serves.</summary>
    public required Revision Stable { get; init; }

    /// <summary>What the canary arm serves; null for no canary arm.</summary>
    public Revision? Canary { get; init; }

    /// <summary>The canary's share; 0 without a canary arm.</summary>
    public BasisPoints CanaryWeight { get; init; }

    /// <summary>
    /// Whether match rules send requests to the canary: only while its weight is above 0, so that a canary that is being
    /// rolled back, or has no capacity, gets no request at all.
    /// </summary>
    public bool RulesApply => Canary is not null && CanaryWeight.Value > 0;

    /// <summary>The plan that a status asks for.</summary>
    public static TrafficPlan For(RolloutStatus status)
    {
        ArgumentNullException.ThrowIfNull(status);
        // The arm of a run that rolls back stays, at weight 0, until every proxy knows: what it still serves may end.
        var hasCanary = status.Phase is Phase.Progressing or Phase.Paused or Phase.Promoting or Phase.RollingBack;
        return hasCanary && status.Run is { } run
            ? new TrafficPlan { Stable = status.Stable, Canary = run.Canary, CanaryWeight = run.Weight }
            : new TrafficPlan { Stable = status.Stable };
    }
}
