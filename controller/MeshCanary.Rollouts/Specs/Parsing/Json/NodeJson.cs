using System.Globalization;
using System.Text.Json.Nodes;
using MeshCanary.Rollouts.Specs.Parsing.Yaml;

namespace MeshCanary.Rollouts.Specs.Parsing.Json;

/// <summary>Writes nodes as JSON, for what is passed on to somebody else as it is.</summary>
internal static class NodeJson
{
    public static JsonNode? Write(Node node) => node.Kind switch
    {
        NodeKind.Mapping => new JsonObject(node.Entries.DistinctBy(entry => entry.Key.Text).Select(entry => KeyValuePair.Create(entry.Key.Text, Write(entry.Value)))),
        NodeKind.Sequence => new JsonArray([.. node.Items.Select(Write)]),
        _ when node.IsNull => null,
        _ when node.IsBoolean || (node.IsPlain && node.Text is "true" or "false") => JsonValue.Create(node.Text == "true"),
        _ when node.IsPlain && long.TryParse(node.Text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var whole) => JsonValue.Create(whole),
        _ when node.IsPlain && double.TryParse(node.Text, NumberStyles.Float, CultureInfo.InvariantCulture, out var number) && double.IsFinite(number) => JsonValue.Create(number),
        _ => JsonValue.Create(node.Text),
    };
}
