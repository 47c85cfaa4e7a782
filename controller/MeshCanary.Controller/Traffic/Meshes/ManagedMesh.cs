using MeshCanary.Machinery.Resources;
using MeshCanary.Rollouts.Deciding;
using MeshCanary.Rollouts.Specs;

namespace MeshCanary.Controller.Traffic.Meshes;

/// <summary>A Canary whose traffic a mesh splits. Immutable.</summary>
/// <param name="Uid">The uid of its object.</param>
/// <param name="Manifest">What is written.</param>
internal sealed record ManagedMesh(string Uid, CanaryManifest Manifest)
{
    /// <summary>Where traffic should go; null before anything was decided.</summary>
    public TrafficPlan? Plan { get; init; }

    /// <summary>Whether the Canary is to go: what cannot be in force is not waited for any more.</summary>
    public bool IsLeaving { get; init; }

    /// <summary>Whether everything is given back. It is not taken back.</summary>
    public bool IsReleasing { get; init; }

    /// <summary>The Canary.</summary>
    public string Key => Manifest.Key;

    /// <summary>The Service that clients call.</summary>
    public ObjectKey Service => new(Manifest.Namespace, Manifest.Spec.Service.Name);
}
