using System.Text.Json;
using System.Text.Json.Serialization;

namespace MeshCanary.Rollouts.States;

/// <summary>The written form of a <see cref="RolloutStatus"/>: camelCase, enums by name, unknown members refused.</summary>
public static class RolloutStatusJson
{
    /// <summary>How it is written; for embedding a status in a larger document.</summary>
    public static JsonSerializerOptions Options { get; } = CreateOptions();

    /// <summary>Writes a status.</summary>
    public static string Write(RolloutStatus status) => JsonSerializer.Serialize(status, Options);

    /// <summary>Reads what <see cref="Write"/> wrote.</summary>
    /// <exception cref="JsonException">It is not a status; the message says where.</exception>
    public static RolloutStatus Read(string json) =>
        JsonSerializer.Deserialize<RolloutStatus>(json, Options) ?? throw new JsonException("A rollout status is expected, not null.");

    private static JsonSerializerOptions CreateOptions()
    {
        var options = new JsonSerializerOptions(JsonSerializerDefaults.Web)
        {
            UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
            Converters = { new JsonStringEnumConverter(JsonNamingPolicy.CamelCase, allowIntegerValues: false), new BasisPointsJsonConverter() },
        };
        options.MakeReadOnly(populateMissingResolver: true);
        return options;
    }
}
