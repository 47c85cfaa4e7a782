using System.Collections.Immutable;
using System.Text.Json;
using MeshCanary.Controller.Metrics.Providers.Http;

namespace MeshCanary.Controller.Metrics.Providers.Reading;

/// <summary>Reads answers in JSON. What is not as documented is told by its name.</summary>
internal static class ReplyJson
{
    private static readonly JsonDocumentOptions Options = new() { MaxDepth = 64 };

    /// <summary>The whole answer.</summary>
    /// <exception cref="JsonException">It is no JSON.</exception>
    public static JsonElement Parse(ProviderReply reply)
    {
        using var document = JsonDocument.Parse(reply.Body, Options);
        return document.RootElement.Clone();
    }

    /// <summary>What is at a path; it has to be of a kind.</summary>
    /// <exception cref="NoAnswerException">It is not.</exception>
    public static JsonElement At(this JsonElement json, JsonValueKind kind, params ReadOnlySpan<string> path)
    {
        if (json.Find(path) is { } found && found.ValueKind == kind)
            return found;
        throw NoAnswerException.Shape($"the answer has no {kind.ToString().ToLowerInvariant()} {string.Join('.', path.ToArray())}, which the provider documents. Check the address and the provider's version");
    }

    /// <summary>What is at a path; null when there is nothing, or a null.</summary>
    public static JsonElement? Find(this JsonElement json, params ReadOnlySpan<string> path)
    {
        foreach (var name in path)
        {
            if (json.ValueKind != JsonValueKind.Object || !json.TryGetProperty(name, out json))
                return null;
        }

        return json.ValueKind is JsonValueKind.Null or JsonValueKind.Undefined ? null : json;
    }

    /// <summary>A text at a path, or empty.</summary>
    public static string Text(this JsonElement json, params ReadOnlySpan<string> path) =>
        json.Find(path) is { ValueKind: JsonValueKind.String } text ? text.GetString()! : "";

    /// <summary>A number, or null for a gap.</summary>
    /// <exception cref="NoAnswerException">It is something else.</exception>
    public static double? Number(this JsonElement json, string what) => json.ValueKind switch
    {
        JsonValueKind.Null => null,
        JsonValueKind.Number => json.GetDouble(),
        _ => throw NoAnswerException.Shape($"{what} is {json.ValueKind.ToString().ToLowerInvariant()} where a number is documented"),
    };

    /// <summary>The texts of an object as labels; what is no text is left out.</summary>
    public static ImmutableDictionary<string, string> Labels(this JsonElement? json) => json is { ValueKind: JsonValueKind.Object } given
        ? given.EnumerateObject().Where(pair => pair.Value.ValueKind == JsonValueKind.String).ToImmutableDictionary(pair => pair.Name, pair => pair.Value.GetString()!, StringComparer.Ordinal)
        : ImmutableDictionary<string, string>.Empty;

    /// <summary>The time at a number of milliseconds since 1970.</summary>
    /// <exception cref="NoAnswerException">There is no such time.</exception>
    public static DateTimeOffset Milliseconds(this double number) => number is >= -62135596800000 and <= 253402300799999
        ? DateTimeOffset.FromUnixTimeMilliseconds((long)number)
        : throw NoAnswerException.Shape($"{number} is no time");
}
