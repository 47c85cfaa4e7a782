using System.Text.Json;
using System.Text.Json.Nodes;
using YamlDotNet.Serialization;

namespace MeshCanary.Controller.Crds.Generating;

/// <summary>Writes JSON as YAML, in the same order, the same on every machine.</summary>
internal static class YamlText
{
    public static string Of(JsonNode node) => new SerializerBuilder()
        .WithQuotingNecessaryStrings()
        .WithNewLine("\n")
        .Build()
        .Serialize(Plain(node)!);

    private static object? Plain(JsonNode? node) => node switch
    {
        JsonObject mapping => mapping.ToDictionary(field => field.Key, field => Plain(field.Value)),
        JsonArray list => list.Select(Plain).ToList(),
        null => null,
        _ => Scalar(node.AsValue()),
    };

    private static object Scalar(JsonValue value) => value.GetValueKind() switch
    {
        JsonValueKind.String => value.GetValue<string>(),
        JsonValueKind.True => true,
        JsonValueKind.False => false,
        _ => decimal.Parse(value.ToJsonString(), System.Globalization.NumberStyles.Float, System.Globalization.CultureInfo.InvariantCulture),
    };
}
