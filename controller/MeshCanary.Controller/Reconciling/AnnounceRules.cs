using MeshCanary.Controller.Recording;
using MeshCanary.Rollouts.Revisions;
using MeshCanary.Rollouts.States;

namespace MeshCanary.Controller.Reconciling;

/// <summary>What an announced revision means where a rollout stands. Pure.</summary>
internal static class AnnounceRules
{
    /// <summary>The answer to an announcement.</summary>
    public static RequestAnswer Judge(CanaryRecord record, Revision revision)
    {
        var status = record.Status;
        if (status.Phase == Phase.Releasing)
            return Refuse("the Canary is being removed");
        if (Known(record).FirstOrDefault(known => known.Name == revision.Name && known != revision) is { } other)
            return Refuse($"the revision name {revision.Name} stands for {string.Join(", ", other.Addresses)} already, and counts are kept by name; choose another name");
        if (revision != record.Announced)
            return RequestAnswer.Accepted;
        if (status.Phase == Phase.Failed && status.Run?.Canary == revision)
            return Refuse($"revision {revision.Name} has failed ({status.Run.Reason}); retry it, or announce another one");
        return new RequestAnswer(RequestOutcome.NothingToDo, revision == status.Stable ? $"revision {revision.Name} is stable already" : $"revision {revision.Name} is announced already");
    }

    private static IEnumerable<Revision> Known(CanaryRecord record) =>
        new[] { record.Status.Stable, record.Status.Previous, record.Status.Run?.Canary, record.Announced }.OfType<Revision>();

    private static RequestAnswer Refuse(string reason) => new(RequestOutcome.Refused, reason);
}
