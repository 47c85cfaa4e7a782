using System.Text.Json;
using System.Text.Json.Serialization;
using MeshCanary.Splitting.Weights;

namespace MeshCanary.Controller.Api;

/// <summary>Shares as basis points.</summary>
internal sealed class BasisPointsConverter : JsonConverter<BasisPoints>
{
    public override BasisPoints Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        var value = reader.GetInt32();
        return value is >= 0 and <= BasisPoints.Whole
            ? new BasisPoints(value)
            : throw new JsonException($"A share of {value} is outside 0…{BasisPoints.Whole} basis points.");
    }

    public override void Write(Utf8JsonWriter writer, BasisPoints value, JsonSerializerOptions options) =>
        writer.WriteNumberValue(value.Value);
}
