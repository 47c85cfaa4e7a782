using System.Text.Json;

namespace MeshCanary.Controller.Admission.Selecting;

/// <summary>Selectors of Services: names of labels with their values.</summary>
internal static class Selectors
{
    public static SortedDictionary<string, string> Of(JsonElement? selector)
    {
        var read = new SortedDictionary<string, string>(StringComparer.Ordinal);
        if (selector is { ValueKind: JsonValueKind.Object } mapping)
        {
            foreach (var pair in mapping.EnumerateObject())
                read[pair.Name] = pair.Value.ToString();
        }

        return read;
    }

    /// <summary>A selector that was written into an annotation; empty when it cannot be read.</summary>
    public static SortedDictionary<string, string> Parse(string text)
    {
        try
        {
            using var document = JsonDocument.Parse(text);
            return Of(document.RootElement);
        }
        catch (JsonException)
        {
            return new(StringComparer.Ordinal);
        }
    }

    public static string Write(IReadOnlyDictionary<string, string> selector) => JsonSerializer.Serialize(selector);

    public static bool Same(SortedDictionary<string, string> one, SortedDictionary<string, string> other) => one.SequenceEqual(other);

    /// <summary>
    /// What the user meant: a client-side apply merges into ours, so what is ours alone is taken out of the union.
    /// </summary>
    public static SortedDictionary<string, string> Without(
        SortedDictionary<string, string> written, SortedDictionary<string, string> ours, SortedDictionary<string, string> original)
    {
        var own = written.Where(pair => original.ContainsKey(pair.Key) || !ours.TryGetValue(pair.Key, out var value) || value != pair.Value);
        return new(own.ToDictionary(pair => pair.Key, pair => pair.Value), StringComparer.Ordinal);
    }
}
