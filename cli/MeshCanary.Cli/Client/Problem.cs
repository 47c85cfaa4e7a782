using System.Text.Json;

namespace MeshCanary.Cli.Client;

/// <summary>Reads the server's words out of a refusal (RFC 9457 problem details).</summary>
internal static class Problem
{
    /// <summary>The words, or null when the body has none.</summary>
    public static string? Read(string body)
    {
        try
        {
            using var document = JsonDocument.Parse(body);
            if (document.RootElement.ValueKind != JsonValueKind.Object)
                return null;
            return Text(document.RootElement, "detail") ?? Text(document.RootElement, "title");
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private static string? Text(JsonElement problem, string name) =>
        problem.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;
}
