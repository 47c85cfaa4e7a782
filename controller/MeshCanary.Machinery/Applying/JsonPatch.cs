using System.Text.Json.Nodes;

namespace MeshCanary.Machinery.Applying;

/// <summary>A JSON patch (RFC 6902), built step by step. The whole of it is done or nothing: a test that fails refuses all. Not thread-safe.</summary>
public sealed class JsonPatch
{
    private readonly JsonArray _steps = [];

    /// <summary>Nothing would be done.</summary>
    public bool IsEmpty => _steps.Count == 0;

    /// <summary>Goes on only if a value is there and equal.</summary>
    /// <param name="path">A JSON pointer, such as <c>/spec/paused</c>; see <see cref="Path"/>.</param>
    /// <param name="value">The value; null tests for null.</param>
    public JsonPatch Test(string path, JsonNode? value) => Step("test", path, value);

    /// <summary>Adds a value, or replaces the one that is there.</summary>
    /// <param name="path">A JSON pointer; its parent must exist.</param>
    /// <param name="value">The value.</param>
    public JsonPatch Add(string path, JsonNode? value) => Step("add", path, value);

    /// <summary>Replaces a value that must be there.</summary>
    /// <param name="path">A JSON pointer.</param>
    /// <param name="value">The value.</param>
    public JsonPatch Replace(string path, JsonNode? value) => Step("replace", path, value);

    /// <summary>Removes a value that must be there.</summary>
    /// <param name="path">A JSON pointer.</param>
    public JsonPatch Remove(string path)
    {
        _steps.Add(new JsonObject { ["op"] = "remove", ["path"] = path });
        return this;
    }

    /// <summary>Goes on only if the object has this version.</summary>
    /// <param name="resourceVersion">The version.</param>
    public JsonPatch TestVersion(string resourceVersion) => Test("/metadata/resourceVersion", resourceVersion);

    /// <summary>A pointer to a place, with names escaped as they must be in annotations and labels.</summary>
    /// <param name="names">Names and indexes from the root.</param>
    public static string Path(params ReadOnlySpan<string> names)
    {
        var pointer = "";
        foreach (var name in names)
            pointer += "/" + name.Replace("~", "~0", StringComparison.Ordinal).Replace("/", "~1", StringComparison.Ordinal);
        return pointer;
    }

    /// <summary>The patch as JSON.</summary>
    public override string ToString() => _steps.ToJsonString();

    private JsonPatch Step(string operation, string path, JsonNode? value)
    {
        _steps.Add(new JsonObject { ["op"] = operation, ["path"] = path, ["value"] = value?.DeepClone() });
        return this;
    }
}
