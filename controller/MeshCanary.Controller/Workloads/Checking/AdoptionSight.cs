using k8s.Models;
using MeshCanary.Controller.Annotating;
using MeshCanary.Rollouts.Specs;

namespace MeshCanary.Controller.Workloads.Checking;

/// <summary>What adoption finds: the objects as they are read, before anything of ours is done to them.</summary>
internal sealed record AdoptionSight
{
    public required CanarySpec Spec { get; init; }

    /// <summary>The Service that clients call; null when there is none of that name.</summary>
    public V1Service? Service { get; init; }

    /// <summary>The Deployment; null when there is none of that name.</summary>
    public V1Deployment? Deployment { get; init; }

    /// <summary>All workloads of the namespace.</summary>
    public NamespaceWorkloads Workloads { get; init; } = new();
}
