using System.Runtime.CompilerServices;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using k8s;
using k8s.Models;

namespace MeshCanary.Controller.Workloads.InPlace.Identity;

/// <summary>Pod templates as JSON. Pure; thread-safe.</summary>
internal static class TemplateJson
{
    // Templates are shared, never changed, and looked at again and again.
    private static readonly ConditionalWeakTable<V1PodTemplateSpec, string> Fingerprints = [];

    /// <summary>Whether two templates, read from one server, are the same but for the hash of their pods.</summary>
    public static bool AreSame(V1PodTemplateSpec one, V1PodTemplateSpec other) => ReferenceEquals(one, other) || Fingerprint(one) == Fingerprint(other);

    /// <summary>The template as a tree without the label of its pods' hash.</summary>
    public static JsonObject Tree(V1PodTemplateSpec template)
    {
        var tree = JsonNode.Parse(KubernetesJson.Serialize(template))!.AsObject();
        if (tree["metadata"]?["labels"] is JsonObject labels)
            labels.Remove(InPlaceNames.HashLabel);
        return tree;
    }

    /// <summary>One text for a tree, whatever the order of its keys.</summary>
    public static string Text(JsonNode? node)
    {
        var text = new StringBuilder();
        Write(node, text);
        return text.ToString();
    }

    private static string Fingerprint(V1PodTemplateSpec template) =>
        Fingerprints.GetValue(template, static fresh => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(Text(Tree(fresh))))));

    private static void Write(JsonNode? node, StringBuilder text)
    {
        switch (node)
        {
            case JsonObject map:
                text.Append('{');
                foreach (var (key, value) in map.OrderBy(pair => pair.Key, StringComparer.Ordinal))
                {
                    if (value is null)
                        continue;
                    text.Append(JsonEncodedText.Encode(key)).Append(':');
                    Write(value, text);
                    text.Append(',');
                }

                text.Append('}');
                break;
            case JsonArray list:
                text.Append('[');
                foreach (var item in list)
                {
                    Write(item, text);
                    text.Append(',');
                }

                text.Append(']');
                break;
            default:
                text.Append(node?.ToJsonString() ?? "null");
                break;
        }
    }
}
