using System.Text.Json.Nodes;
using k8s;
using k8s.Models;
using MeshCanary.Controller.Crds;
using MeshCanary.Machinery.Applying;

namespace MeshCanary.Controller.Workloads.InPlace.Calls;

/// <summary>
/// Calls as JSON patches. Each begins with a test of what the call rests on, so that a server that has something newer refuses it as a
/// whole: no cache, however old, does harm.
/// </summary>
internal static class CallPatches
{
    private const string Labels = "/metadata/labels";
    private const string Annotations = "/metadata/annotations";

    /// <summary>The patch of a call that is one.</summary>
    public static JsonPatch Of(InPlaceCall call) => call switch
    {
        HoldDeployment hold => Hold(hold),
        UnholdDeployment unhold => Unhold(unhold),
        MoveReplicaSet move => Move(move),
        ScaleReplicaSet scale => new JsonPatch().TestVersion(scale.Version).Add("/spec/replicas", scale.Size),
        LabelReplicaSet label => new JsonPatch().TestVersion(label.Version)
            .Add(Labels, With(label.Set.Metadata.Labels, label.Labels))
            .Add(Annotations, With(label.Set.Metadata.Annotations, label.Annotations)),
        UpdateServiceOfArm update => new JsonPatch().TestVersion(update.Service.Metadata.ResourceVersion)
            .Add("/spec/ports", JsonNode.Parse(KubernetesJson.Serialize(update.Ports.ToList())))
            .Add("/spec/selector", With(update.Selector, [])),
        _ => throw new ArgumentOutOfRangeException(nameof(call), call, "This call is no patch."),
    };

    /// <summary>The merge patch that marks a Deployment: it touches nothing that anybody else writes, so nothing but the uid is compared.</summary>
    public static JsonObject Of(MarkDeployment mark)
    {
        var metadata = new JsonObject { ["uid"] = mark.Uid };
        if (!mark.Labels.IsEmpty)
            metadata["labels"] = Map(mark.Labels);
        if (!mark.Annotations.IsEmpty)
            metadata["annotations"] = Map(mark.Annotations);
        return new JsonObject { ["metadata"] = metadata };
    }

    private static JsonPatch Hold(HoldDeployment hold)
    {
        var patch = new JsonPatch().Test("/metadata/generation", hold.Generation).Add("/spec/paused", true);
        return hold.HasAnnotations
            ? patch.Add(JsonPatch.Path("metadata", "annotations", ApiNames.HeldAnnotation), hold.Home)
            : patch.Add(Annotations, new JsonObject { [ApiNames.HeldAnnotation] = hold.Home });
    }

    private static JsonPatch Unhold(UnholdDeployment unhold)
    {
        var patch = new JsonPatch().Test("/metadata/generation", unhold.Generation).Test("/spec/paused", true).Remove("/spec/paused");
        foreach (var mark in unhold.Marks)
            patch.Remove(JsonPatch.Path("metadata", "annotations", mark));
        return patch;
    }

    private static JsonPatch Move(MoveReplicaSet move)
    {
        var owners = new JsonArray { Owner(move.To) };
        foreach (var other in (move.Set.Metadata.OwnerReferences ?? []).Where(owner => owner.Controller != true && owner.Uid != move.To.Uid))
            owners.Add((JsonNode)Owner(other));
        // What the Deployment controller remembered of a size that was given elsewhere would hold it up for good.
        return new JsonPatch().TestVersion(move.Version)
            .Add("/metadata/ownerReferences", owners)
            .Add(Labels, With(move.Set.Metadata.Labels, move.Labels))
            .Add(Annotations, With(move.Set.Metadata.Annotations, [new(InPlaceNames.DesiredAnnotation, null), new(InPlaceNames.MostAnnotation, null)]));
    }

    private static JsonObject Owner(V1OwnerReference owner) => JsonNode.Parse(KubernetesJson.Serialize(owner))!.AsObject();

    private static JsonObject With(IEnumerable<KeyValuePair<string, string>>? before, IEnumerable<KeyValuePair<string, string?>> changes)
    {
        var after = new SortedDictionary<string, string?>(StringComparer.Ordinal);
        foreach (var (key, value) in before ?? [])
            after[key] = value;
        foreach (var (key, value) in changes)
        {
            if (value is null)
                after.Remove(key);
            else
                after[key] = value;
        }

        return Map(after);
    }

    private static JsonObject Map(IEnumerable<KeyValuePair<string, string?>> pairs) => new(pairs.Select(pair => KeyValuePair.Create(pair.Key, (JsonNode?)pair.Value)));
}
