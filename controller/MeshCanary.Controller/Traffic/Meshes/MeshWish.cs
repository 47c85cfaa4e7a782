using System.Collections.Immutable;
using MeshCanary.Machinery.Resources;
using MeshCanary.Rollouts.Deciding;
using MeshCanary.Rollouts.Specs;

namespace MeshCanary.Controller.Traffic.Meshes;

/// <summary>Where the requests of one Canary should go. Immutable.</summary>
/// <param name="Manifest">What is written.</param>
/// <param name="Uid">The uid of its object, the owner of what is made for it.</param>
/// <param name="Plan">What was decided; null to give back whatever was changed for the Canary.</param>
internal sealed record MeshWish(CanaryManifest Manifest, string Uid, TrafficPlan? Plan)
{
    /// <summary>The Service that clients call.</summary>
    public ObjectKey Service => new(Manifest.Namespace, Manifest.Spec.Service.Name);

    /// <summary>
    /// Names of the Services of single revisions, by revision; only of those that requests may be sent to now and whose revision the
    /// plan names. Stable's is missing while nothing is known of it: then whatever is there stays.
    /// </summary>
    public ImmutableDictionary<string, string> ArmServices { get; init; } = ImmutableDictionary<string, string>.Empty;

    /// <summary>Numbers of the Service's ports whose traffic is split, ascending.</summary>
    public ImmutableArray<int> Ports => [.. ServicePorts.Where(port => port.IsSplit).Select(port => port.Number)];

    /// <summary>All ports of the Service, ascending.</summary>
    public ImmutableArray<MeshPort> ServicePorts { get; init; } = [];
}
