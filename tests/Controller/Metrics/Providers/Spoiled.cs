using System.Text.Json;
using System.Text.Json.Nodes;

namespace MeshCanary.Controller.Tests.Metrics.Providers;

/// <summary>An answer with one part taken away or turned into something else, for every part.</summary>
internal static class Spoiled
{
    private static readonly string[] Others = ["null", "\"seven\"", "true", "[]", "{}", "[[]]", "[{}]", "1e999"];

    public static IEnumerable<string> Of(string json)
    {
        var count = Places(JsonNode.Parse(json)!).Count();
        for (var place = 0; place < count; place++)
        {
            foreach (var other in Others.Append(null))
            {
                var root = JsonNode.Parse(json)!;
                var (parent, name, index) = Places(root).ElementAt(place);
                var marker = JsonValue.Create("%SPOILED%");
                if (parent is JsonObject mapping)
                {
                    mapping.Remove(name!);
                    if (other is not null)
                        mapping[name!] = marker;
                }
                else if (parent is JsonArray list)
                {
                    list.RemoveAt(index);
                    if (other is not null)
                        list.Insert(index, marker);
                }

                yield return root.ToJsonString().Replace("\"%SPOILED%\"", other, StringComparison.Ordinal);
            }
        }
    }

    /// <summary>Every number of an answer.</summary>
    public static IEnumerable<double> Numbers(string json)
    {
        using var document = JsonDocument.Parse(json);
        return [.. Walk(document.RootElement)];
    }

    private static IEnumerable<double> Walk(JsonElement json) => json.ValueKind switch
    {
        JsonValueKind.Object => json.EnumerateObject().SelectMany(pair => Walk(pair.Value)),
        JsonValueKind.Array => json.EnumerateArray().SelectMany(Walk),
        JsonValueKind.Number => [json.GetDouble()],
        _ => [],
    };

    private static IEnumerable<(JsonNode Parent, string? Name, int Index)> Places(JsonNode node) => node switch
    {
        JsonObject mapping => mapping.SelectMany(pair => (pair.Value is null ? [] : Places(pair.Value)).Prepend((mapping, pair.Key, 0))),
        JsonArray list => list.SelectMany((item, index) => (item is null ? [] : Places(item)).Prepend((list, null, index))),
        _ => [],
    };
}
