using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;

namespace MeshCanary.Controller.Api;

/// <summary>
/// How the API, the verdict records and the state file write JSON: camelCase names and enum values, times as ISO 8601,
/// durations in seconds, shares in basis points. Numbers survive a round trip bit for bit.
/// </summary>
public static class ApiJson
{
    /// <summary>For reading and writing.</summary>
    public static JsonSerializerOptions Options { get; } = Create();

    private static JsonSerializerOptions Create()
    {
        var options = new JsonSerializerOptions(JsonSerializerDefaults.Web)
        {
            NumberHandling = JsonNumberHandling.AllowNamedFloatingPointLiterals,
            TypeInfoResolver = new DefaultJsonTypeInfoResolver(),
            Converters =
            {
                new JsonStringEnumConverter(JsonNamingPolicy.CamelCase),
                new SecondsConverter(),
                new BasisPointsConverter(),
            },
        };
        options.MakeReadOnly();
        return options;
    }
}
