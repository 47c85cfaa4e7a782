using System.Text.Json;
using System.Text.Json.Nodes;

namespace MeshCanary.Controller.Admission;

/// <summary>Collects changes of one object as a JSON patch.</summary>
internal sealed class ObjectPatch(JsonElement subject)
{
    private readonly JsonArray _operations = [];
    private readonly HashSet<string> _made = new(StringComparer.Ordinal);

    public bool IsEmpty => _operations.Count == 0;

    /// <summary>Writes a field of <c>spec</c>.</summary>
    public ObjectPatch Spec(string field, JsonNode? value) => Add($"/spec/{field}", value);

    /// <summary>Writes an annotation, or takes it away with null.</summary>
    public ObjectPatch Annotate(string key, string? value) => Mark("annotations", key, value);

    /// <summary>Writes a label.</summary>
    public ObjectPatch Label(string key, string value) => Mark("labels", key, value);

    public JsonArray ToJson() => _operations;

    private ObjectPatch Mark(string field, string key, string? value)
    {
        var marks = subject.Find("metadata", field);
        var present = marks.Find(key);
        if (value is null)
        {
            if (present is not null)
                _operations.Add(new JsonObject { ["op"] = "remove", ["path"] = $"/metadata/{field}/{Escape(key)}" });
            return this;
        }

        if (present?.GetString() == value)
            return this;
        if (marks is null && _made.Add(field))
            Add($"/metadata/{field}", new JsonObject());
        return Add($"/metadata/{field}/{Escape(key)}", value);
    }

    private ObjectPatch Add(string path, JsonNode? value)
    {
        _operations.Add(new JsonObject { ["op"] = "add", ["path"] = path, ["value"] = value });
        return this;
    }

    private static string Escape(string key) => key.Replace("~", "~0", StringComparison.Ordinal).Replace("/", "~1", StringComparison.Ordinal);
}
