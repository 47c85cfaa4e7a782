using System.Text.Json;
using System.Text.Json.Serialization;
using MeshCanary.Splitting.Weights;

namespace MeshCanary.Rollouts.States;

/// <summary>Writes a share as its number of basis points.</summary>
public sealed class BasisPointsJsonConverter : JsonConverter<BasisPoints>
{
    /// <inheritdoc/>
    public override BasisPoints Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        if (reader.TokenType != JsonTokenType.Number || !reader.TryGetInt32(out var value) || value is < 0 or > BasisPoints.Whole)
            throw new JsonException($"A share is a whole number of basis points from 0 to {BasisPoints.Whole}.");
        return new BasisPoints(value);
    }

    /// <inheritdoc/>
    public override void Write(Utf8JsonWriter writer, BasisPoints value, JsonSerializerOptions options)
    {
        ArgumentNullException.ThrowIfNull(writer);
        writer.WriteNumberValue(value.Value);
    }
}
