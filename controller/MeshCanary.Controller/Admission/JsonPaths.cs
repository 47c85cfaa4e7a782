using System.Text.Json;
using System.Text.Json.Nodes;

namespace MeshCanary.Controller.Admission;

/// <summary>Looks into objects as they are on the wire.</summary>
internal static class JsonPaths
{
    /// <summary>The value at a path; null where there is none, or a null.</summary>
    public static JsonElement? Find(this JsonElement? element, params ReadOnlySpan<string> path)
    {
        foreach (var name in path)
        {
            if (element is not { ValueKind: JsonValueKind.Object } mapping || !mapping.TryGetProperty(name, out var inner))
                return null;
            element = inner;
        }

        return element is { ValueKind: JsonValueKind.Null or JsonValueKind.Undefined } ? null : element;
    }

    /// <inheritdoc cref="Find(JsonElement?, ReadOnlySpan{string})"/>
    public static JsonElement? Find(this JsonElement element, params ReadOnlySpan<string> path) => ((JsonElement?)element).Find(path);

    /// <summary>The text at a path; null where there is none.</summary>
    public static string? Text(this JsonElement element, params ReadOnlySpan<string> path) =>
        element.Find(path) is { ValueKind: JsonValueKind.String } text ? text.GetString() : null;

    public static bool IsTrue(this JsonElement element, params ReadOnlySpan<string> path) =>
        element.Find(path) is { ValueKind: JsonValueKind.True };

    /// <summary>An annotation of the object.</summary>
    public static string? Annotation(this JsonElement element, string key) => element.Text("metadata", "annotations", key);

    /// <summary>The same without nulls, which say nothing and which clients write or leave out.</summary>
    public static JsonNode? Essence(this JsonElement? element)
    {
        switch (element)
        {
            case { ValueKind: JsonValueKind.Object } mapping:
                return new JsonObject(mapping.EnumerateObject()
                    .Where(field => field.Value.ValueKind != JsonValueKind.Null)
                    .Select(field => KeyValuePair.Create(field.Name, Essence(field.Value))));
            case { ValueKind: JsonValueKind.Array } list:
                return new JsonArray([.. list.EnumerateArray().Select(item => Essence(item))]);
            case { ValueKind: not (JsonValueKind.Null or JsonValueKind.Undefined) } value:
                return JsonValue.Create(value);
            default:
                return null;
        }
    }
}
