using MeshCanary.Controller.Admission.Validating;
using MeshCanary.Controller.Crds;
using MeshCanary.Controller.Workloads.Checking;

namespace MeshCanary.Controller.Keeping;

/// <summary>Of several Canaries that claim one workload or Service, which the webhook refuses unless it missed one, only one acts. Pure.</summary>
internal static class Rivals
{
    /// <summary>What keeps a Canary from being adopted because another has what it claims; null when nothing does.</summary>
    /// <param name="mine">The Canary, not adopted yet.</param>
    /// <param name="all">The Canaries of the cluster.</param>
    /// <param name="isKept">Whether one is under control by now, which its status may not show yet.</param>
    public static AdoptionProblem? Problem(CanaryObject mine, IEnumerable<CanaryObject> all, Func<CanaryObject, bool> isKept)
    {
        var claim = CanaryClaim.Of(mine);
        foreach (var other in all.Where(other => other.Metadata.NamespaceProperty == mine.Metadata.NamespaceProperty && other.Metadata.Name != mine.Metadata.Name))
        {
            var theirs = CanaryClaim.Of(other);
            var what = claim.Workload is not null && claim.Workload == theirs.Workload ? claim.Workload
                : claim.Service is not null && claim.Service == theirs.Service ? $"Service {claim.Service}" : null;
            if (what is not null && (isKept(other) || HasIt(other) || IsBefore(other, mine)))
                return new AdoptionProblem("Claimed", $"The {what} is under the Canary {theirs.Canary} already. Delete this Canary, or that one: then this one takes its place.");
        }

        return null;
    }

    // Also while it is being removed: what it changed is its own to give back.
    private static bool HasIt(CanaryObject other) => other.Status?.Engine is { Length: > 0 };

    private static bool IsBefore(CanaryObject one, CanaryObject other) =>
        (one.Metadata.CreationTimestamp ?? DateTime.MaxValue, one.Metadata.Name).CompareTo((other.Metadata.CreationTimestamp ?? DateTime.MaxValue, other.Metadata.Name)) < 0;
}
