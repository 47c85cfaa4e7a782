using System.Text.Json.Nodes;

namespace MeshCanary.Chart.Tests.Harness;

/// <summary>An object that was rendered.</summary>
/// <param name="Json">All of it.</param>
internal sealed record Manifest(JsonNode Json)
{
    public string Kind => (string)Json["kind"]!;

    public string Name => (string)Json["metadata"]!["name"]!;

    public string? Namespace => (string?)Json["metadata"]!["namespace"];

    /// <summary>For messages.</summary>
    public string Key => $"{Kind} {(Namespace is null ? "" : Namespace + "/")}{Name}";

    /// <summary>The template of its pods, if it has pods.</summary>
    public JsonNode? Pod => Json["spec"]?["template"] ?? (Kind == "Pod" ? Json : null);

    /// <summary>The containers of its pods.</summary>
    public IEnumerable<JsonNode> Containers => ((JsonArray?[])[Pod?["spec"]?["containers"]?.AsArray(), Pod?["spec"]?["initContainers"]?.AsArray()])
        .OfType<JsonArray>().SelectMany(list => list).OfType<JsonNode>();

    /// <inheritdoc/>
    public override string ToString() => Key;

    /// <summary>A value by its path of names, or null.</summary>
    public JsonNode? At(params string[] path) => path.Aggregate((JsonNode?)Json, (node, name) => node?[name]);
}
