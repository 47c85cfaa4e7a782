using System.Text.Json;
using System.Text.Json.Serialization;

namespace MeshCanary.Controller.Api;

/// <summary>Durations as seconds. Decimal, because a duration must come back to the tick.</summary>
internal sealed class SecondsConverter : JsonConverter<TimeSpan>
{
    public override TimeSpan Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        var ticks = reader.GetDecimal() * TimeSpan.TicksPerSecond;
        return ticks is >= long.MinValue and <= long.MaxValue
            ? new TimeSpan((long)decimal.Round(ticks))
            : throw new JsonException("A duration is outside the range that can be held.");
    }

    public override void Write(Utf8JsonWriter writer, TimeSpan value, JsonSerializerOptions options) =>
        writer.WriteNumberValue((decimal)value.Ticks / TimeSpan.TicksPerSecond);
}
