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
            var title = Text(document.RootElement, "title");
            // Where the server lists its reasons, its detail may name remedies in the API's terms.
            var reasons = Texts(document.RootElement, "errors");
            return reasons.Count > 0 ? $"{title ?? "Refused"}: {string.Join("; ", reasons)}." : Text(document.RootElement, "detail") ?? title;
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private static List<string> Texts(JsonElement problem, string name) =>
        problem.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.Array
            ? [.. value.EnumerateArray().Where(item => item.ValueKind == JsonValueKind.String).Select(item => item.GetString()!.TrimEnd('.'))]
            : [];

    private static string? Text(JsonElement problem, string name) =>
        problem.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;
}
