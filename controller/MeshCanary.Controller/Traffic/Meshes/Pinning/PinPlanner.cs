using k8s.Models;
using MeshCanary.Controller.Crds;
using MeshCanary.Controller.Workloads.InPlace;

namespace MeshCanary.Controller.Traffic.Meshes.Pinning;

/// <summary>
/// Keeps the Service that clients call at stable's pods while a mesh splits: clients outside of the mesh get stable alone. One call at
/// a time, each found anew from what is seen. Pure.
/// </summary>
/// <param name="canary">Name of the Canary.</param>
internal sealed class PinPlanner(string canary)
{
    /// <summary>The next step to the pods of stable.</summary>
    /// <param name="seen">The Service; null when there is none.</param>
    /// <param name="stable">Where stable's pods are; null while that is not known.</param>
    public PinStep Pin(V1Service? seen, ArmHost? stable)
    {
        if (seen is null)
            return PinStep.Wait("the Service, which is not there");
        var service = new PinnedSelector(seen);
        if (Foreign(service) is { } other)
            return other;
        if (service.Original is null && service.Selector.Count == 0)
            return PinStep.Wait($"a selector in Service {service.Name}: without one nothing is known of its pods");
        if (service.Original is null && service.Selector.ContainsKey(InPlaceNames.HashLabel))
            return PinStep.Wait($"a selector in Service {service.Name} without {InPlaceNames.HashLabel}: with it the Service does not follow a new version");
        if (stable?.Hash is not { } hash)
            return PinStep.Wait("the Service of the stable version");
        if (service.IsPinnedTo(hash))
            return PinStep.Done;
        // Never from pods that are ready to none.
        if (stable.Ready == 0 && service.Original is not null && service.IsAsWritten)
            return PinStep.Wait("pods of the stable version to be ready");
        var told = service.Original is null || service.IsAsWritten
            ? null
            : $"The selector was written by somebody else, which sent traffic past Canary {canary}; it leads to the stable version again. Turn on MeshCanary's webhooks, or have your pipeline ignore spec.selector of this Service.";
        return new PinStep(service.Pin(canary, hash), $"Service {service.Name} to select the stable version's pods alone", told);
    }

    /// <summary>The next step to all pods, as the owner of the Service wrote it.</summary>
    /// <param name="seen">The Service; null when there is none.</param>
    /// <param name="hasArms">Whether pods of other versions than the Service's own are left: its own selector finds those too.</param>
    public PinStep Free(V1Service? seen, bool hasArms)
    {
        if (seen is null)
            return PinStep.Done;
        var service = new PinnedSelector(seen);
        if (Foreign(service) is { } other)
            return other;
        if (service.Original is null)
            return PinStep.Done;
        return hasArms
            ? PinStep.Wait($"pods of other versions to be gone, which the own selector of Service {service.Name} finds too")
            : new PinStep(service.Restore(), $"Service {service.Name} to select its own pods", null);
    }

    private PinStep? Foreign(PinnedSelector service) => service.Canary is { } other && other != canary
        ? PinStep.Wait($"Service {service.Name} to be let go by Canary {other}, which it is under by its annotation {ApiNames.CanaryAnnotation}")
        : null;
}
