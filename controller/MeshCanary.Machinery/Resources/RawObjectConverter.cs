using System.Text.Json;
using System.Text.Json.Serialization;

namespace MeshCanary.Machinery.Resources;

/// <summary>Reads and writes <see cref="RawObject"/> as what it holds.</summary>
internal sealed class RawObjectConverter : JsonConverter<RawObject>
{
    public override RawObject Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        new(JsonElement.ParseValue(ref reader));

    public override void Write(Utf8JsonWriter writer, RawObject value, JsonSerializerOptions options) => value.Json.WriteTo(writer);
}
