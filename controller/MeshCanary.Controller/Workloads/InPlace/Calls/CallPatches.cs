using System.Text.Json.Nodes;
using k8s.Models;

namespace MeshCanary.Controller.Workloads.InPlace.Calls;

/// <summary>
/// Calls as JSON patches. Each begins with a test of what the call rests on, so that a server that has something newer refuses it as a
/// whole: no cache, however old, does harm.
/// </summary>
internal static class CallPatches
{
    /// <summary>The patch of a call that is one.</summary>
    public static JsonArray Of(InPlaceCall call) => call switch
    {
        HoldDeployment hold => Hold(hold),
        UnholdDeployment unhold => Unhold(unhold),
        MoveReplicaSet move => Move(move),
        ScaleReplicaSet scale => [Test("/metadata/resourceVersion", scale.Version), Op("add", "/spec/replicas", scale.Size)],
        LabelReplicaSet label => Label(label),
        UpdateArmService update => Update(update),
        _ => throw new ArgumentOutOfRangeException(nameof(call), call, "This call is no patch."),
    };

    /// <summary>The merge patch that marks a Deployment: it touches nothing that anybody else writes, so nothing but the uid is tested.</summary>
    public static JsonObject Of(MarkDeployment mark)
    {
        var metadata = new JsonObject { ["uid"] = mark.Uid };
        if (!mark.Labels.IsEmpty)
            metadata["labels"] = Map(mark.Labels);
        if (!mark.Annotations.IsEmpty)
            metadata["annotations"] = Map(mark.Annotations);
        return new JsonObject { ["metadata"] = metadata };
    }

    private static JsonArray Hold(HoldDeployment hold)
    {
        var mark = $"/metadata/annotations/{Escape(Crds.ApiNames.HeldAnnotation)}";
        return hold.HasAnnotations
            ? [Test("/metadata/generation", hold.Generation), Op("add", "/spec/paused", true), Op("add", mark, hold.Home)]
            : [Test("/metadata/generation", hold.Generation), Op("add", "/spec/paused", true), Op("add", "/metadata/annotations", new JsonObject { [Crds.ApiNames.HeldAnnotation] = hold.Home })];
    }

    private static JsonArray Unhold(UnholdDeployment unhold)
    {
        var patch = new JsonArray { Test("/metadata/generation", unhold.Generation), Test("/spec/paused", true), new JsonObject { ["op"] = "remove", ["path"] = "/spec/paused" } };
        foreach (var mark in unhold.Marks)
            patch.Add((JsonNode)new JsonObject { ["op"] = "remove", ["path"] = $"/metadata/annotations/{Escape(mark)}" });
        return patch;
    }

    private static JsonArray Move(MoveReplicaSet move)
    {
        var owners = new JsonArray { Owner(move.To) };
        foreach (var other in (move.Set.Metadata.OwnerReferences ?? []).Where(owner => owner.Controller != true && owner.Uid != move.To.Uid))
            owners.Add((JsonNode)Owner(other));
        var annotations = new Dictionary<string, string>(move.Set.Metadata.Annotations ?? new Dictionary<string, string>(), StringComparer.Ordinal);
        // What the Deployment controller remembered of a size that was given elsewhere would hold it up for good.
        annotations.Remove(InPlaceNames.DesiredAnnotation);
        annotations.Remove(InPlaceNames.MostAnnotation);
        return
        [
            Test("/metadata/resourceVersion", move.Version),
            Op("add", "/metadata/ownerReferences", owners),
            Op("add", "/metadata/labels", With(move.Set.Metadata.Labels, move.Labels)),
            Op("add", "/metadata/annotations", With(annotations, [])),
        ];
    }

    private static JsonArray Label(LabelReplicaSet label) =>
    [
        Test("/metadata/resourceVersion", label.Version),
        Op("add", "/metadata/labels", With(label.Set.Metadata.Labels, label.Labels)),
        Op("add", "/metadata/annotations", With(label.Set.Metadata.Annotations, label.Annotations)),
    ];

    private static JsonArray Update(UpdateArmService update) =>
    [
        Test("/metadata/resourceVersion", update.Service.Metadata.ResourceVersion),
        Op("add", "/spec/ports", JsonNode.Parse(k8s.KubernetesJson.Serialize(update.Ports.ToList()))),
        Op("add", "/spec/selector", Map(update.Selector.Select(pair => KeyValuePair.Create(pair.Key, (string?)pair.Value)))),
    ];

    private static JsonObject Owner(V1OwnerReference owner) => JsonNode.Parse(k8s.KubernetesJson.Serialize(owner))!.AsObject();

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

    private static JsonObject Test(string path, JsonNode value) => Op("test", path, value);

    private static JsonObject Op(string op, string path, JsonNode? value) => new() { ["op"] = op, ["path"] = path, ["value"] = value };

    private static string Escape(string name) => name.Replace("~", "~0", StringComparison.Ordinal).Replace("/", "~1", StringComparison.Ordinal);
}
