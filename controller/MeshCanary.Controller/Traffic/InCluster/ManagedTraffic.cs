using MeshCanary.Controller.Traffic.InCluster.Objects;
using MeshCanary.Controller.Traffic.InCluster.Switching;
using MeshCanary.Machinery.Resources;
using MeshCanary.Rollouts.Specs;

namespace MeshCanary.Controller.Traffic.InCluster;

/// <summary>A Canary whose traffic is under control. Immutable.</summary>
/// <param name="Owner">Its object.</param>
/// <param name="Manifest">What is written.</param>
internal sealed record ManagedTraffic(ProxyOwner Owner, CanaryManifest Manifest)
{
    /// <summary>Where its Service should lead.</summary>
    public SwitchWish Wish { get; init; }

    /// <summary>The Service that clients call.</summary>
    public ObjectKey Service => new(Owner.Namespace, Manifest.Spec.Service.Name);

    /// <summary>The Deployment of the pods behind it.</summary>
    public ObjectKey Workload => new(Owner.Namespace, Manifest.Spec.Workload.Name);

    /// <summary>The Deployment of its proxies.</summary>
    public ObjectKey Proxies => new(Owner.Namespace, Owner.ProxyName);
}
