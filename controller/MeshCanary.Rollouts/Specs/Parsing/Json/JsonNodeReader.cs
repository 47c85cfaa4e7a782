using System.Text.Json;
using MeshCanary.Rollouts.Specs.Parsing.Yaml;

namespace MeshCanary.Rollouts.Specs.Parsing.Json;

/// <summary>
/// Makes nodes of JSON, so that an object of Kubernetes is read by the same grammar as a file. Numbers keep their digits. The
/// size is bounded by the API server, which has read it before.
/// </summary>
internal sealed class JsonNodeReader
{
    private int _nodes;

    public static Node Read(JsonElement element) => new JsonNodeReader().ReadNode(element);

    private Node ReadNode(JsonElement element)
    {
        // There are no lines; the column only keeps errors in the order of the object.
        var place = ++_nodes;
        switch (element.ValueKind)
        {
            case JsonValueKind.Object:
                var mapping = new Node(NodeKind.Mapping, 0, place);
                foreach (var property in element.EnumerateObject())
                    mapping.Entries.Add(new(Scalar(property.Name, ++_nodes), ReadNode(property.Value)));
                return mapping;
            case JsonValueKind.Array:
                var list = new Node(NodeKind.Sequence, 0, place);
                foreach (var item in element.EnumerateArray())
                    list.Items.Add(ReadNode(item));
                return list;
            case JsonValueKind.String:
                return Scalar(element.GetString()!, place);
            case JsonValueKind.True or JsonValueKind.False:
                return new Node(NodeKind.Scalar, 0, place) { Text = element.GetRawText(), IsBoolean = true };
            default:
                return new Node(NodeKind.Scalar, 0, place) { Text = element.GetRawText(), IsPlain = true };
        }
    }

    private static Node Scalar(string text, int place) => new(NodeKind.Scalar, 0, place) { Text = text };
}
