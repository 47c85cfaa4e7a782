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

    /// <summary>Names of the Services of single revisions, by revision; only of those that exist and whose revision the plan names.</summary>
    public ImmutableDictionary<string, string> ArmServices { get; init; } = ImmutableDictionary<string, string>.Empty;

    /// <summary>Numbers of the Service's ports whose traffic is split, ascending.</summary>
    public ImmutableArray<int> Ports { get; init; } = [];
}
