using k8s.Models;
using MeshCanary.Controller.Workloads.InPlace;
using MeshCanary.Controller.Crds;

namespace MeshCanary.Controller.Traffic.Meshes;

/// <summary>A Service of one revision's pods, or of those of them that one ReplicaSet runs.</summary>
/// <param name="Service">The Service.</param>
/// <param name="Ready">Pods that are ready behind it.</param>
internal sealed record ArmHost(V1Service Service, int Ready)
{
    /// <summary>
    /// Keeps it while routes name it: whoever runs the pods deletes the Service first, and takes the pods when it is gone. Without this
    /// requests would be sent to a Service that is no more.
    /// </summary>
    public const string Finalizer = $"{ApiNames.Prefix}routed";

    /// <summary>Its name.</summary>
    public string Name => Service.Metadata.Name;

    /// <summary>The revision.</summary>
    public string Revision => Service.Metadata.Labels[InPlaceNames.RevisionLabel];

    /// <summary>What tells its pods from others of the same labels; null when nothing does.</summary>
    public string? Hash => Service.Spec.Selector?.TryGetValue(InPlaceNames.HashLabel, out var hash) == true ? hash : null;

    /// <summary>Whether it is to be deleted.</summary>
    public bool IsGoing => Service.Metadata.DeletionTimestamp is not null;

    /// <summary>Whether it stays until we say otherwise.</summary>
    public bool IsKept => Service.Metadata.Finalizers?.Contains(Finalizer) == true;

    /// <summary>
    /// The one of a revision's that requests go to: with ready pods, rather one that stays, the one with most of them, and of equals
    /// the one that was there first. Null when there is none.
    /// </summary>
    public static ArmHost? Pick(IEnumerable<ArmHost> arms, string revision) => arms
        .Where(arm => arm.Revision == revision && arm.Hash is not null && (arm.IsKept || !arm.IsGoing))
        .OrderByDescending(arm => arm.Ready > 0)
        .ThenBy(arm => arm.IsGoing)
        .ThenByDescending(arm => arm.Ready)
        .ThenBy(arm => arm.Service.Metadata.CreationTimestamp)
        .ThenBy(arm => arm.Name, StringComparer.Ordinal)
        .FirstOrDefault();

    /// <summary>Whether a name is one that the Service of a revision of this Service would have.</summary>
    /// <param name="name">The name.</param>
    /// <param name="service">The Service that clients call.</param>
    public static bool IsNameOf(string name, string service)
    {
        var at = name.LastIndexOf("-mc-", StringComparison.Ordinal);
        return at > 0 && InPlaceNames.Service(service, name[(at + "-mc-".Length)..]) == name;
    }
}
