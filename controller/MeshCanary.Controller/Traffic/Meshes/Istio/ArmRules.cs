using System.Collections.Immutable;
using System.Text.Json.Nodes;
using MeshCanary.Machinery.Applying;
using MeshCanary.Machinery.Resources;

namespace MeshCanary.Controller.Traffic.Meshes.Istio;

/// <summary>
/// DestinationRules of the Services of versions. Those of the user are for the Service that clients call: its limits, its outlier
/// detection, its TLS and its subsets have to hold for what takes its place in routes too. Pure.
/// </summary>
/// <param name="wish">What is wanted.</param>
/// <param name="hosts">Which hosts are meant.</param>
/// <param name="type">The type of DestinationRules.</param>
/// <param name="seen">Those of the namespace.</param>
internal sealed class ArmRules(MeshWish wish, HostNames hosts, ResourceType type, ImmutableArray<RawObject> seen)
{
    /// <summary>The next one to be made or changed, before a route needs it; null when all are as they should be.</summary>
    public MeshWrite? Missing()
    {
        if (Theirs is not { } rule)
            return null;
        foreach (var service in wish.ArmServices.Values.Order(StringComparer.Ordinal))
        {
            var body = Body(rule, service);
            if (seen.FirstOrDefault(one => one.Metadata.Name == service) is { } there && (JsonDifference.IsCovered(body, there) || !OwnRoute.IsOf(there, wish.Uid)))
                continue;
            return new MeshWrite.Apply(type, new ObjectKey(wish.Manifest.Namespace, service), body);
        }

        return null;
    }

    /// <summary>The next one that nothing needs any more; null when there is none.</summary>
    public MeshWrite? Spare() => seen.FirstOrDefault(one => OwnRoute.IsOf(one, wish.Uid) && (Theirs is null || !wish.ArmServices.ContainsValue(one.Metadata.Name))) is { } spare
        ? new MeshWrite.Delete(type, ObjectKey.Of(spare), spare.Metadata.Uid)
        : null;

    // Of several Istio takes the subsets together, and the rest of the oldest.
    private RawObject? Theirs => seen
        .Where(one => !OwnRoute.IsOf(one, wish.Uid) && hosts.IsService(one.At("spec", "host")?.GetString()))
        .OrderBy(one => one.Metadata.CreationTimestamp).ThenBy(one => one.Metadata.Name, StringComparer.Ordinal)
        .FirstOrDefault();

    private JsonObject Body(RawObject rule, string service)
    {
        var spec = JsonObject.Create(rule.At("spec")!.Value)!;
        spec["host"] = HostNames.With(spec["host"]!.GetValue<string>(), service);
        return new JsonObject { ["metadata"] = OwnRoute.Metadata(wish, $"{rule.Metadata.Name} {OwnRoute.Hash(spec)}"), ["spec"] = spec };
    }
}
