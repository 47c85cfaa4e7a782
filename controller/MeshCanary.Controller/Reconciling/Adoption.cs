using System.Text.Json;
using MeshCanary.Controller.Api;
using MeshCanary.Controller.Recording;
using MeshCanary.Rollouts.Deciding;
using MeshCanary.Rollouts.Revisions;
using MeshCanary.Rollouts.Specs;
using MeshCanary.Rollouts.States;

namespace MeshCanary.Controller.Reconciling;

/// <summary>What a start means for each Canary: those in the files, and those that only the state knows. Pure.</summary>
internal static class Adoption
{
    /// <summary>
    /// The Canary from now on, with what is to be told. What was promoted wins over the manifest's stable version; only
    /// a Canary without a single run takes an edited one. A removed Canary that comes back keeps what it had promoted.
    /// </summary>
    public static CanaryCommit Take(CanaryManifest manifest, CanaryRecord? known, DateTimeOffset now)
    {
        if (known is null)
            return Begin(manifest, 0, now, "CanaryAdded", $"The Canary is new; {manifest.Spec.Workload.GivenStable.Name} is its stable version.");
        if (known.Status.Phase == Phase.Releasing && known.Status.Runs == 0)
            return Begin(manifest, 0, now, "CanaryAdded", $"The Canary is back; {manifest.Spec.Workload.GivenStable.Name} is its stable version.");
        if (known.Status.Phase == Phase.Releasing)
        {
            var back = manifest with { Spec = WithStable(manifest.Spec, known) };
            return Begin(back, known.Status.Runs, now, "CanaryAdded", $"The Canary is back; {known.Status.Stable.Name} is its stable version as before.", manifest);
        }

        if (manifest.Spec.Workload.Stable is not null && known.Status.Runs == 0 && manifest.Spec.Workload.Stable != known.Status.Stable && known.Announced == known.Status.Stable)
            return Begin(manifest, 0, now, "SpecChanged", $"The manifest names another stable version, {manifest.Spec.Workload.GivenStable.Name}; no run has begun yet, so it is taken.");
        return Text(manifest) == Text(known.Manifest)
            ? new CanaryCommit { Record = known }
            : new CanaryCommit
            {
                Record = known with { Manifest = manifest },
                Events = [new EventEntry(now, "SpecChanged", "The manifest has changed and is in force. A run in flight keeps the analysis settings that it began with.", known.Status.Run?.Id, EventEntry.Controller)],
            };
    }

    /// <summary>A Canary that is in no file any more: its removal begins, or goes on.</summary>
    public static CanaryCommit Remove(CanaryRecord known, DateTimeOffset now)
    {
        var decision = Decider.Release(known.Status, known.Manifest.Spec.Workload.Kind != WorkloadSpec.Static, now);
        return new CanaryCommit
        {
            Record = known with { Status = decision.Status, Announced = decision.Status.Stable },
            EndedRuns = decision.EndedRuns,
            Events = [.. decision.Events.Select(told => new EventEntry(now, told.Kind, told.Message, told.RunId, EventEntry.Controller))],
        };
    }

    /// <summary>A Canary that is new, and whose workload runs this version.</summary>
    public static CanaryCommit Begin(CanaryManifest manifest, Revision stable, DateTimeOffset now)
    {
        var status = Decider.Begin(manifest.Spec, stable, now);
        return new CanaryCommit
        {
            Record = new CanaryRecord { Manifest = manifest, Status = status, Announced = stable },
            Events = [new EventEntry(now, "CanaryAdded", $"The Canary is new; {stable.Name} is its stable version.", null, EventEntry.Controller)],
        };
    }

    private static CanaryCommit Begin(CanaryManifest manifest, long runs, DateTimeOffset now, string kind, string message, CanaryManifest? written = null)
    {
        var status = Decider.Begin(manifest.Spec, now) with { Runs = runs };
        return new CanaryCommit
        {
            Record = new CanaryRecord { Manifest = written ?? manifest, Status = status, Announced = status.Stable },
            Events = [new EventEntry(now, kind, message, null, EventEntry.Controller)],
        };
    }

    private static CanarySpec WithStable(CanarySpec spec, CanaryRecord known) => spec with { Workload = spec.Workload with { Stable = known.Status.Stable } };

    // Records with arrays compare by reference; the text is what the user wrote.
    private static string Text(CanaryManifest manifest) => JsonSerializer.Serialize(manifest, ApiJson.Options);
}
