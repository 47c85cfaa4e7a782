using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using k8s.Models;

namespace MeshCanary.Controller.Workloads.InPlace.Identity;

/// <summary>
/// The name of a template that nobody has named yet: the same for one manifest on every server that is supported, although servers add
/// defaults and write quantities anew. It names and nothing else: whether two templates are the same is never asked of it.
/// </summary>
internal static class CanonicalTemplate
{
    /// <summary>The way names are made. A new one gives other names to templates that come; those that have a name keep it.</summary>
    public const string HashVersion = "v1";

    private const int Digits = 10;

    /// <summary>The name: ten hex digits.</summary>
    /// <param name="template">The template.</param>
    /// <param name="config">The hash of what it reads, by <see cref="ConfigContents.HashFor"/>.</param>
    public static string Name(V1PodTemplateSpec template, string config)
    {
        var text = $"{HashVersion}\n{config}\n{TemplateJson.Text(Of(template))}";
        return Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)))[..Digits];
    }

    /// <summary>The template without what servers add and without what says nothing.</summary>
    internal static JsonNode? Of(V1PodTemplateSpec template)
    {
        var tree = TemplateJson.Tree(template);
        if (tree["metadata"] is JsonObject metadata)
            metadata.Remove("creationTimestamp");
        if (tree["spec"] is JsonObject spec)
            TemplateDefaults.Drop(spec);
        return Bare(tree) ?? new JsonObject();
    }

    // Nothing, however it is written, is nothing. Zero and false are values: whoever wrote them may mean them.
    private static JsonNode? Bare(JsonNode? node)
    {
        switch (node)
        {
            case JsonObject map:
                var kept = new JsonObject();
                foreach (var (key, value) in map)
                {
                    // An emptyDir without settings is a volume all the same.
                    if (Bare(value) is { } bare)
                        kept[key] = bare;
                    else if (value is JsonObject && MeansSomethingEmpty(key))
                        kept[key] = new JsonObject();
                }

                return kept.Count == 0 ? null : kept;
            case JsonArray list:
                // Order and number of items mean something.
                return list.Count == 0 ? null : new JsonArray([.. list.Select(item => Bare(item) ?? new JsonObject())]);
            case JsonValue text when text.TryGetValue<string>(out var value) && value.Length == 0:
                return null;
            default:
                return node?.DeepClone();
        }
    }

    private static bool MeansSomethingEmpty(string key) => key is "emptyDir" or "ephemeral" or "podSelector" or "namespaceSelector" or "labelSelector";
}
