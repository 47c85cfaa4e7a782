using System.Collections.Immutable;
using MeshCanary.Controller.Crds.Statuses;
using MeshCanary.Controller.Reconciling;
using MeshCanary.Rollouts.Deciding;
using MeshCanary.Rollouts.States;
using MeshCanary.Rollouts.Strategies;
using MeshCanary.Splitting.Weights;

namespace MeshCanary.Controller.Recording.Cluster;

/// <summary>Writes what people read in the status of a Canary object. Pure.</summary>
internal static class StatusText
{
    /// <summary>The status of a Canary under control.</summary>
    /// <param name="record">What is stored.</param>
    /// <param name="seen">What was seen last; null before the first look.</param>
    /// <param name="faults">What is wrong with it, by condition type; empty when nothing is.</param>
    /// <param name="before">The status that it replaces; null for none.</param>
    /// <param name="generation">The generation of the spec that is in force.</param>
    /// <param name="engine">The controller's own state.</param>
    /// <param name="now">The time.</param>
    public static CanaryStatus Of(
        CanaryRecord record, Sight? seen, ImmutableDictionary<string, ConditionFault> faults, CanaryStatus? before, long? generation, string engine, DateTimeOffset now)
    {
        var status = record.Status;
        var run = status.Run;
        var inFlight = run is { EndedAt: null } || status.Phase == Phase.Baking;
        var plan = TrafficPlan.For(status);
        var steps = RolloutStrategies.Get(record.Manifest.Spec.Strategy.Type).Plan(record.Manifest.Spec.Strategy).Steps.Length;
        var verdict = record.Analysis is { Verdict: { } latest } analysis && analysis.RunId == run?.Id ? latest : null;
        return new CanaryStatus
        {
            ObservedGeneration = generation,
            Phase = status.Phase,
            Step = inFlight && run is not null ? $"{Math.Min(run.Step + 1, steps)}/{steps}" : null,
            Weights = plan.Canary is null ? null : new CanaryWeights
            {
                Desired = plan.CanaryWeight.ToString(),
                Acknowledged = seen?.Traffic.Acknowledged is { } acknowledged && acknowledged.Canary == plan.Canary ? acknowledged.CanaryWeight.ToString() : null,
                Measured = Measured(seen, plan)?.ToString(),
            },
            StableRevision = status.Stable.Name,
            CanaryRevision = run?.Canary.Name,
            FailedRevision = status.Phase == Phase.Failed ? run?.Canary.Name : null,
            RunId = run?.Id,
            Verdict = verdict is null ? null : new CanaryVerdict { Kind = verdict.Kind, Score = (int)Math.Round(verdict.Score), Reason = verdict.Reason, Eta = verdict.Eta is { } eta ? now + eta : null },
            WaitingFor = Wait(status.WaitingFor),
            Endpoints = seen is null ? null : new CanaryEndpoints
            {
                Stable = Ready(seen, plan.Stable.Name),
                Canary = plan.Canary is null ? null : Ready(seen, plan.Canary.Name),
            },
            Conditions = Conditions(status, faults, before?.Conditions ?? [], generation, now),
            Engine = engine,
        };
    }

    /// <summary>What is waited for.</summary>
    public static CanaryWait? Wait(WaitingFor? wait) =>
        wait is null ? null : new CanaryWait { What = wait.What, Since = wait.Since, Until = wait.Until, Then = wait.Then };

    /// <summary>The conditions, each with the time of its last change.</summary>
    public static ImmutableArray<CanaryCondition> Merge(
        IEnumerable<(string Type, bool? Holds, string Reason, string Message)> wanted, ImmutableArray<CanaryCondition> before, long? generation, DateTimeOffset now) =>
    [
        .. wanted.Select(one =>
        {
            var holds = one.Holds switch { true => "True", false => "False", null => "Unknown" };
            var old = before.FirstOrDefault(condition => condition.Type == one.Type);
            return new CanaryCondition
            {
                Type = one.Type,
                Status = holds,
                ObservedGeneration = generation,
                LastTransitionTime = old?.Status == holds ? old.LastTransitionTime : now,
                Reason = one.Reason,
                Message = one.Message,
            };
        }),
    ];

    private static ImmutableArray<CanaryCondition> Conditions(
        RolloutStatus status, ImmutableDictionary<string, ConditionFault> faults, ImmutableArray<CanaryCondition> before, long? generation, DateTimeOffset now)
    {
        var phase = status.Phase.ToString();
        var waits = status.WaitingFor is { } wait ? $"Waits for {wait.What}." : "Nothing is waited for.";
        var ready = status.Phase is not (Phase.Adopting or Phase.Releasing);
        var progressing = status.Phase is Phase.Progressing or Phase.Paused or Phase.Promoting or Phase.RollingBack or Phase.Baking;
        var promoted = status.Phase is Phase.Stable or Phase.Baking;
        var failed = status.Phase == Phase.Failed;
        var wanted = new List<(string, bool?, string, string)>
        {
            (ConditionTypes.Ready, ready, phase, ready ? $"{status.Stable.Name} serves as stable." : waits),
            (ConditionTypes.Progressing, progressing, phase, progressing ? waits : "No run is in flight."),
            (ConditionTypes.Promoted, promoted, phase, promoted ? $"{status.Stable.Name} is what should run, and what serves." : waits),
            (ConditionTypes.Failed, failed, failed ? status.Run?.Outcome?.ToString() ?? phase : phase, failed ? status.Run?.Reason ?? "The last run failed." : "The last run did not fail."),
        };
        wanted.AddRange(ConditionTypes.Faults.Select(type => faults.TryGetValue(type, out var fault)
            ? (type, (bool?)true, fault.Reason, fault.Message)
            : (type, false, "None", "Nothing of the kind is known.")));
        return Merge(wanted, before, generation, now);
    }

    private static int? Ready(Sight seen, string revision) => seen.Ready.TryGetValue(revision, out var ready) ? ready : null;

    private static BasisPoints? Measured(Sight? seen, TrafficPlan plan)
    {
        if (seen?.Reading.Windows is not [.., var window] || plan.Canary is not { } canary)
            return null;
        var drawn = window.Draws.Where(pair => pair.Key.Revision == canary.Name).Select(pair => pair.Value).ToList();
        var (ours, all) = (drawn.Sum(draws => draws.Canary), drawn.Sum(draws => draws.Canary + draws.Stable));
        return all == 0 ? null : new BasisPoints((int)Math.Round(10_000.0 * ours / all));
    }
}
