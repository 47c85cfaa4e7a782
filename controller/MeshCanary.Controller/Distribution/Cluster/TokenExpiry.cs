using System.Buffers.Text;
using System.Text.Json;

namespace MeshCanary.Controller.Distribution.Cluster;

/// <summary>When a token ends, by its own word: good for ending trust earlier, never for giving it.</summary>
internal static class TokenExpiry
{
    // The last second that a DateTimeOffset can name.
    private const long LastUnixSecond = 253_402_300_799;

    /// <summary>The end; null for what is no JSON Web Token with an end.</summary>
    public static DateTimeOffset? Of(string token)
    {
        if (token.Split('.') is not [_, var payload, _])
            return null;
        try
        {
            using var claims = JsonDocument.Parse(Base64Url.DecodeFromChars(payload));
            return claims.RootElement.ValueKind == JsonValueKind.Object
                && claims.RootElement.TryGetProperty("exp", out var end) && end.ValueKind == JsonValueKind.Number && end.TryGetDouble(out var seconds) && seconds is >= 0 and <= LastUnixSecond
                ? DateTimeOffset.FromUnixTimeSeconds((long)seconds)
                : null;
        }
        catch (Exception malformed) when (malformed is FormatException or JsonException)
        {
            return null;
        }
    }
}
