using System.Text.Json;
using MeshCanary.Controller.Api;

namespace MeshCanary.Cli.Client;

/// <summary>The API's JSON, indented for people.</summary>
internal static class ReadableJson
{
    private static readonly JsonSerializerOptions Options = new(ApiJson.Options) { WriteIndented = true };

    /// <summary>Writes a value.</summary>
    public static string Write<T>(T value) => JsonSerializer.Serialize(value, Options);
}
