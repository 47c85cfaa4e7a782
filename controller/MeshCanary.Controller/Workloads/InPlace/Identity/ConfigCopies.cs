using System.Runtime.CompilerServices;
using System.Text.Json.Nodes;
using k8s;
using k8s.Models;

namespace MeshCanary.Controller.Workloads.InPlace.Identity;

/// <summary>
/// A revision's own copies of the ConfigMaps and Secrets that its template names: what they are called, and templates that name them.
/// A copy's name says of what and of which revision it is, so that nothing else has to. Pure; thread-safe.
/// </summary>
internal static class ConfigCopies
{
    private const int LongestName = 253;

    private static readonly ConditionalWeakTable<V1PodTemplateSpec, Known> Originals = [];

    /// <summary>The copy of an object for a revision.</summary>
    public static ConfigReference Of(ConfigReference original, string revision) => original with { Name = original.Name + Suffix(revision) };

    /// <summary>Whether a copy may have its name.</summary>
    public static bool CanBeNamed(ConfigReference original, string revision) => Of(original, revision).Name.Length <= LongestName;

    /// <summary>The template with copies for a revision in the place of what it names.</summary>
    public static V1PodTemplateSpec With(V1PodTemplateSpec template, string revision) => Renamed(template, name => name + Suffix(revision));

    /// <summary>The same in the tree of a template, in place: fields that our classes do not know stay.</summary>
    public static void Put(JsonObject template, string revision) => Rename(template, name => name + Suffix(revision));

    /// <summary>Whether the pods of a ReplicaSet read copies.</summary>
    public static bool AreReadBy(V1ReplicaSet set) => !ReferenceEquals(OriginalOf(set), set.Spec.Template);

    /// <summary>The template of a ReplicaSet as its owner wrote it: the very same object where no copies are named.</summary>
    public static V1PodTemplateSpec OriginalOf(V1ReplicaSet set)
    {
        var template = set.Spec.Template;
        if (Objects.Revision(set) is not { } revision)
            return template;
        if (Originals.TryGetValue(template, out var known) && known.Revision == revision)
            return known.Original ?? template;
        var suffix = Suffix(revision);
        var original = ConfigReferences.Of(template).Any(reference => reference.Name.EndsWith(suffix, StringComparison.Ordinal))
            ? Renamed(template, name => name.EndsWith(suffix, StringComparison.Ordinal) ? name[..^suffix.Length] : name)
            : null;
        // A template that is not another one is not kept by itself: it would never be let go of.
        Originals.AddOrUpdate(template, new Known(revision, original));
        return original ?? template;
    }

    private static string Suffix(string revision) => $"-mc-{revision}";

    private static V1PodTemplateSpec Renamed(V1PodTemplateSpec template, Func<string, string> rename)
    {
        var tree = JsonNode.Parse(KubernetesJson.Serialize(template))!.AsObject();
        Rename(tree, rename);
        return KubernetesJson.Deserialize<V1PodTemplateSpec>(tree.ToJsonString());
    }

    // The same places as ConfigReferences reads.
    private static void Rename(JsonObject template, Func<string, string> rename)
    {
        var spec = template["spec"];
        foreach (var container in Items(spec?["containers"]).Concat(Items(spec?["initContainers"])))
        {
            foreach (var from in Items(container["env"]).Select(variable => variable["valueFrom"]))
                Rename("name", rename, from?["configMapKeyRef"], from?["secretKeyRef"]);
            foreach (var source in Items(container["envFrom"]))
                Rename("name", rename, source["configMapRef"], source["secretRef"]);
        }

        foreach (var volume in Items(spec?["volumes"]))
        {
            Rename("name", rename, volume["configMap"]);
            Rename("secretName", rename, volume["secret"]);
            foreach (var part in Items(volume["projected"]?["sources"]))
                Rename("name", rename, part["configMap"], part["secret"]);
        }
    }

    private static void Rename(string field, Func<string, string> rename, params ReadOnlySpan<JsonNode?> references)
    {
        foreach (var reference in references)
        {
            if (reference?[field]?.GetValue<string>() is { Length: > 0 } name)
                reference[field] = rename(name);
        }
    }

    private static IEnumerable<JsonNode> Items(JsonNode? list) => (list as JsonArray)?.OfType<JsonNode>() ?? [];

    private sealed record Known(string Revision, V1PodTemplateSpec? Original);
}
