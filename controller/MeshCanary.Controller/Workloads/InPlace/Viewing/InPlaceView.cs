using System.Collections.Immutable;
using k8s.Models;
using MeshCanary.Controller.Workloads.InPlace.Identity;

namespace MeshCanary.Controller.Workloads.InPlace.Viewing;

/// <summary>What the caches show of one Canary's workload. Each part may lag behind by itself.</summary>
internal sealed record InPlaceView
{
    /// <summary>The Canary.</summary>
    public required CanaryOwner Canary { get; init; }

    /// <summary>The Deployment's name.</summary>
    public required string DeploymentName { get; init; }

    /// <summary>The name of the Service that clients call.</summary>
    public required string ServiceName { get; init; }

    /// <summary>Names or numbers of the Service's ports whose traffic is split; null for all of them.</summary>
    public ImmutableArray<string>? Ports { get; init; }

    /// <summary>The Deployment; null when there is none.</summary>
    public V1Deployment? Deployment { get; init; }

    /// <summary>ReplicaSets that the Deployment or the Canary controls.</summary>
    public ImmutableArray<V1ReplicaSet> ReplicaSets { get; init; } = [];

    /// <summary>The Service that clients call; null when there is none.</summary>
    public V1Service? Service { get; init; }

    /// <summary>Services that the Canary controls.</summary>
    public ImmutableArray<V1Service> ArmServices { get; init; } = [];

    /// <summary>Slices of those Services.</summary>
    public ImmutableArray<V1EndpointSlice> Slices { get; init; } = [];

    /// <summary>Pods of arms, where something keeps them from getting ready; for words only.</summary>
    public ImmutableArray<V1Pod> Pods { get; init; } = [];

    /// <summary>The uids of ReplicaSets whose pods no Service lists any more, and whose last requests may not have ended.</summary>
    public ImmutableHashSet<string> Draining { get; init; } = [];

    /// <summary>The namespace's quotas.</summary>
    public ImmutableArray<V1ResourceQuota> Quotas { get; init; } = [];

    /// <summary>The fewest pods that a scaler of the Deployment keeps; null without a scaler.</summary>
    public int? ScalerFloor { get; init; }

    /// <summary>What is known of ConfigMaps and Secrets.</summary>
    public ConfigContents Configs { get; init; } = ConfigContents.Unread;
}
