using System.Net;
using System.Text.Json;
using k8s.Autorest;

namespace MeshCanary.Cli.Commands.Release;

/// <summary>What went wrong at an API server, in words.</summary>
internal static class ClusterFault
{
    /// <summary>The words, to be put behind the name of the cluster; null for a failure of another kind.</summary>
    public static string? Of(Exception error) => error switch
    {
        HttpOperationException http => $"refused: {Reason(http)}",
        HttpRequestException or IOException => $"does not answer ({error.Message})",
        JsonException or KeyNotFoundException => $"gave an answer that makes no sense ({error.Message})",
        _ => null,
    };

    /// <summary>Whether the same may go well in a moment.</summary>
    public static bool IsPassing(Exception error) => error switch
    {
        HttpOperationException http => http.Response.StatusCode is HttpStatusCode.TooManyRequests or HttpStatusCode.Gone or >= HttpStatusCode.InternalServerError,
        HttpRequestException or IOException => true,
        _ => false,
    };

    // The API server answers with a Status, whose message names who may not do what.
    private static string Reason(HttpOperationException error)
    {
        var code = (int)error.Response.StatusCode;
        try
        {
            using var status = JsonDocument.Parse(error.Response.Content ?? "");
            if (status.RootElement.ValueKind == JsonValueKind.Object && status.RootElement.TryGetProperty("message", out var message) && message.GetString() is { Length: > 0 } text)
                return $"{text} ({code})";
        }
        catch (JsonException)
        {
            // Whoever stands in between wrote something else: the code has to do.
        }

        return $"status {code}";
    }
}
