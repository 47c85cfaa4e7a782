using System.Text.Json.Nodes;
using MeshCanary.Machinery.Applying;

namespace MeshCanary.Controller.Traffic.Meshes;

/// <summary>Keeps Services of revisions for as long as a route may name them. Pure.</summary>
internal static class ArmKeeping
{
    private const string Path = "/metadata/finalizers";

    /// <summary>It stays until it is let go.</summary>
    public static JsonPatch Keep(ArmHost arm)
    {
        var patch = new JsonPatch().TestVersion(arm.Service.Metadata.ResourceVersion);
        return arm.Service.Metadata.Finalizers is { Count: > 0 }
            ? patch.Add($"{Path}/-", ArmHost.Finalizer)
            : patch.Add(Path, new JsonArray(ArmHost.Finalizer));
    }

    /// <summary>It may go.</summary>
    public static JsonPatch LetGo(ArmHost arm)
    {
        var left = arm.Service.Metadata.Finalizers!.Where(finalizer => finalizer != ArmHost.Finalizer).Select(finalizer => (JsonNode?)finalizer).ToArray();
        var patch = new JsonPatch().TestVersion(arm.Service.Metadata.ResourceVersion);
        return left.Length == 0 ? patch.Remove(Path) : patch.Replace(Path, new JsonArray(left));
    }

    /// <summary>
    /// One that is kept and that nothing needs: it is to be deleted, or everything is given back, and neither routes nor the Service
    /// lead to it any more. Null when there is none.
    /// </summary>
    public static ArmHost? Unneeded(ManagedMesh canary, MeshSight sight)
    {
        // In force is settled: no data plane uses an earlier route.
        if (!sight.IsInForce && !(canary.IsReleasing && sight.Step is { InForce: true, Write: null }))
            return null;
        return sight.Arms.FirstOrDefault(arm => arm.IsKept && (canary.IsReleasing ? sight.IsInForce || arm.IsGoing : arm.IsGoing && !sight.Routed.Contains(arm)));
    }
}
