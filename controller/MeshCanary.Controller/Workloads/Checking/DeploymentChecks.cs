using System.Text.Json;
using k8s.Models;
using MeshCanary.Controller.Admission;
using MeshCanary.Controller.Crds;

namespace MeshCanary.Controller.Workloads.Checking;

/// <summary>What is asked of the Deployment.</summary>
internal static class DeploymentChecks
{
    private const string LastApplied = "kubectl.kubernetes.io/last-applied-configuration";

    public static IEnumerable<AdoptionProblem> Run(AdoptionSight sight)
    {
        var wanted = sight.Spec.Workload.Name;
        if (sight.Deployment is not { } deployment)
        {
            yield return new("DeploymentMissing", $"There is no Deployment {wanted} in the namespace. Create it, or correct spec.workload.name.");
            yield break;
        }

        var spec = deployment.Spec;
        if (spec.Strategy?.Type == "Recreate")
            yield return new("StrategyRecreate", $"The Deployment {wanted} has strategy Recreate: its versions may not run side by side, which a canary is. If they may, write strategy.type: RollingUpdate.");
        if ((spec.Replicas ?? 1) == 0)
            yield return new("NoReplicas", $"The Deployment {wanted} is scaled to zero: there is no stable version to compare with. Scale it up.");
        var annotations = deployment.Metadata.Annotations;
        if (spec.Paused == true && annotations?.ContainsKey(ApiNames.HeldAnnotation) != true)
            yield return new("PausedByOthers", $"The Deployment {wanted} is paused, and not by MeshCanary. Run kubectl rollout resume deployment/{wanted} when its owner agrees.");
        if (annotations is not null && annotations.TryGetValue(LastApplied, out var applied) && DeclaresPaused(applied))
            yield return new("PausedInManifest", $"The manifest of the Deployment {wanted} declares spec.paused, which a run needs for itself: every apply would lift the hold. Take the field out of the manifest and apply it.");
        if (Unrolled(deployment) is { } left)
            yield return new("RollNotComplete", $"The Deployment {wanted} is still rolling out: {left}. Adoption begins when it is done; if it is stuck, kubectl rollout status deployment/{wanted} says why.", Passes: true);
    }

    /// <summary>What the roll still lacks; null when it is complete.</summary>
    private static string? Unrolled(V1Deployment deployment)
    {
        var (wanted, status) = (deployment.Spec.Replicas ?? 1, deployment.Status ?? new V1DeploymentStatus());
        if ((status.ObservedGeneration ?? 0) < (deployment.Metadata.Generation ?? 0))
            return "its newest change has not been seen yet";
        if ((status.UpdatedReplicas ?? 0) < wanted)
            return $"{status.UpdatedReplicas ?? 0} of {wanted} pods are of the newest template";
        if ((status.Replicas ?? 0) > (status.UpdatedReplicas ?? 0))
            return $"{status.Replicas - status.UpdatedReplicas} pods of an older template are left";
        return (status.AvailableReplicas ?? 0) < wanted ? $"{status.AvailableReplicas ?? 0} of {wanted} pods are available" : null;
    }

    private static bool DeclaresPaused(string applied)
    {
        try
        {
            using var manifest = JsonDocument.Parse(applied);
            return manifest.RootElement.Find("spec", "paused") is not null;
        }
        catch (JsonException)
        {
            return false;
        }
    }
}
