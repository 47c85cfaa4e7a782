using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace MeshCanary.Analysis.Samples;

/// <summary>Writes a histogram as <c>{"93": 12, "94": 5}</c>: counts by bucket index.</summary>
internal sealed class LatencyHistogramConverter : JsonConverter<LatencyHistogram>
{
    public override LatencyHistogram Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        if (reader.TokenType != JsonTokenType.StartObject)
            throw new JsonException("A latency histogram is an object of counts by bucket index.");
        Span<long> counts = stackalloc long[LatencyBuckets.Count];
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var name = reader.GetString();
            if (!int.TryParse(name, NumberStyles.None, CultureInfo.InvariantCulture, out var bucket) || bucket > LatencyBuckets.Overflow)
                throw new JsonException($"'{name}' is not a latency bucket (0…{LatencyBuckets.Overflow}).");
            reader.Read();
            if (reader.TokenType != JsonTokenType.Number || !reader.TryGetInt64(out var count) || count < 0)
                throw new JsonException($"The count of latency bucket {bucket} is not a whole number from 0 on.");
            counts[bucket] = count;
        }

        return LatencyHistogram.FromCounts(counts);
    }

    public override void Write(Utf8JsonWriter writer, LatencyHistogram value, JsonSerializerOptions options)
    {
        writer.WriteStartObject();
        foreach (var (bucket, count) in value.Counts)
            writer.WriteNumber(bucket.ToString(CultureInfo.InvariantCulture), count);
        writer.WriteEndObject();
    }
}
