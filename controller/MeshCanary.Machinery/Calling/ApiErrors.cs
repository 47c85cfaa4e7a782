using System.Net;
using System.Text.Json;
using MeshCanary.Machinery.Resources;

namespace MeshCanary.Machinery.Calling;

/// <summary>Makes errors of what the server answers: a Status object where it follows its own rules, anything where something stands in between.</summary>
internal static class ApiErrors
{
    private const int LongestQuote = 300;

    /// <summary>The error of an answer that is not a success.</summary>
    public static async Task<ApiException> ReadAsync(string call, HttpResponseMessage response, TimeProvider time, CancellationToken cancellation)
    {
        var text = await response.Content.ReadAsStringAsync(cancellation);
        var retryAfter = response.Headers.RetryAfter switch
        {
            { Delta: { } delta } => delta,
            { Date: { } date } => date - time.GetUtcNow(),
            _ => (TimeSpan?)null,
        };
        try
        {
            using var document = JsonDocument.Parse(text, ObjectJson.DocumentOptions);
            if (ObjectJson.TextAt(document.RootElement, "kind") == "Status")
                return Of(call, document.RootElement, (int)response.StatusCode, retryAfter);
        }
        catch (JsonException)
        {
            // A load balancer or a proxy speaks here; its words are quoted below.
        }

        return new ApiException(Kind((int)response.StatusCode, ""), call, $"{(int)response.StatusCode} {response.ReasonPhrase}: {Quote(text)}")
        {
            Status = response.StatusCode,
            RetryAfter = Positive(retryAfter),
        };
    }

    /// <summary>The error that a Status object describes.</summary>
    /// <param name="call">What was asked.</param>
    /// <param name="status">The Status object.</param>
    /// <param name="code">The HTTP status, where the object names none.</param>
    /// <param name="retryAfter">What the header asked for.</param>
    public static ApiException Of(string call, JsonElement status, int code, TimeSpan? retryAfter = null)
    {
        if (status.TryGetProperty("code", out var own) && own.ValueKind == JsonValueKind.Number && own.TryGetInt32(out var named))
            code = named;
        var reason = ObjectJson.TextAt(status, "reason");
        var details = status.TryGetProperty("details", out var found) && found.ValueKind == JsonValueKind.Object ? found : default;
        if (retryAfter is null && details.ValueKind == JsonValueKind.Object && details.TryGetProperty("retryAfterSeconds", out var seconds)
            && seconds.ValueKind == JsonValueKind.Number && seconds.TryGetInt32(out var wait))
            retryAfter = TimeSpan.FromSeconds(wait);
        var message = ObjectJson.TextAt(status, "message");
        return new ApiException(KindOf(code, reason, message), call, $"{code} {reason}: {(message.Length == 0 ? "no message" : message)}")
        {
            Status = (HttpStatusCode)code,
            Reason = reason,
            Causes = Causes(details),
            RetryAfter = Positive(retryAfter),
        };
    }

    private static List<ApiErrorCause> Causes(JsonElement details)
    {
        if (details.ValueKind != JsonValueKind.Object || !details.TryGetProperty("causes", out var causes) || causes.ValueKind != JsonValueKind.Array)
            return [];
        return [.. causes.EnumerateArray().Select(cause =>
            new ApiErrorCause(ObjectJson.TextAt(cause, "field"), ObjectJson.TextAt(cause, "message"), ObjectJson.TextAt(cause, "reason")))];
    }

    // Servers of old blame themselves (500) for an apply that can never succeed, such as a port of a Service without its protocol.
    private static ApiErrorKind KindOf(int code, string reason, string message) =>
        code == 500 && message.Contains("typed patch object", StringComparison.Ordinal) ? ApiErrorKind.Invalid : Kind(code, reason);

    private static ApiErrorKind Kind(int code, string reason) => code switch
    {
        401 => ApiErrorKind.Unauthorized,
        403 => ApiErrorKind.Forbidden,
        404 => ApiErrorKind.NotFound,
        409 => reason == "AlreadyExists" ? ApiErrorKind.AlreadyExists : ApiErrorKind.Conflict,
        410 => ApiErrorKind.Gone,
        422 => ApiErrorKind.Invalid,
        429 => ApiErrorKind.TooManyRequests,
        408 or >= 500 => ApiErrorKind.ServerAway,
        _ => ApiErrorKind.Refused,
    };

    private static TimeSpan? Positive(TimeSpan? wait) => wait > TimeSpan.Zero ? wait : null;

    private static string Quote(string text) => text.Length <= LongestQuote ? text.Trim() : text[..LongestQuote].Trim() + "…";
}
