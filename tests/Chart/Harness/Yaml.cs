using System.Text.Json.Nodes;
using YamlDotNet.Core;
using YamlDotNet.Core.Events;
using YamlDotNet.Serialization;

namespace MeshCanary.Chart.Tests.Harness;

/// <summary>Reads YAML as the JSON that it stands for.</summary>
internal static class Yaml
{
    /// <summary>Every document that is not empty.</summary>
    public static IReadOnlyList<JsonNode> Documents(string text)
    {
        var reader = new DeserializerBuilder().WithAttemptingUnquotedStringTypeDeserialization().Build();
        var writer = new SerializerBuilder().JsonCompatible().Build();
        var parser = new MergingParser(new Parser(new StringReader(text)));
        var found = new List<JsonNode>();
        parser.Consume<StreamStart>();
        while (parser.Accept<DocumentStart>(out _))
        {
            if (reader.Deserialize(parser) is { } document && JsonNode.Parse(writer.Serialize(document)) is { } json)
                found.Add(json);
        }

        return found;
    }
}
