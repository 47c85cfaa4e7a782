using System.Globalization;
using System.Text;
using System.Text.Json;

namespace MeshCanary.Rollouts.Specs.Parsing.Yaml;

/// <summary>Writes nodes as JSON, for what is handed on as it is. Plain scalars have the types of YAML's core schema.</summary>
internal static class NodeJson
{
    public static string Write(Node node)
    {
        using var stream = new MemoryStream();
        using (var writer = new Utf8JsonWriter(stream))
            Write(node, writer);
        return Encoding.UTF8.GetString(stream.ToArray());
    }

    private static void Write(Node node, Utf8JsonWriter writer)
    {
        switch (node.Kind)
        {
            case NodeKind.Mapping:
                writer.WriteStartObject();
                foreach (var (key, value) in node.Entries)
                {
                    writer.WritePropertyName(key.Text);
                    Write(value, writer);
                }

                writer.WriteEndObject();
                break;
            case NodeKind.Sequence:
                writer.WriteStartArray();
                foreach (var item in node.Items)
                    Write(item, writer);
                writer.WriteEndArray();
                break;
            default:
                WriteScalar(node, writer);
                break;
        }
    }

    private static void WriteScalar(Node node, Utf8JsonWriter writer)
    {
        if (node.IsNull)
            writer.WriteNullValue();
        else if ((node.IsBoolean || node.IsPlain) && node.Text is "true" or "True" or "TRUE" or "false" or "False" or "FALSE")
            writer.WriteBooleanValue(node.Text[0] is 't' or 'T');
        else if (node.IsPlain && long.TryParse(node.Text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var whole))
            writer.WriteNumberValue(whole);
        else if (node.IsPlain && decimal.TryParse(node.Text, NumberStyles.Float, CultureInfo.InvariantCulture, out var number))
            writer.WriteNumberValue(number);
        else
            writer.WriteStringValue(node.Text);
    }
}
