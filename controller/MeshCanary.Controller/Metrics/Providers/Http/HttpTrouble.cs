using System.Globalization;

namespace MeshCanary.Controller.Metrics.Providers.Http;

/// <summary>What an HTTP status that is no success means.</summary>
internal static class HttpTrouble
{
    /// <summary>The fault that an answer is.</summary>
    /// <param name="response">The answer.</param>
    /// <param name="said">The beginning of its body.</param>
    /// <param name="host">Who answered.</param>
    /// <param name="now">The time, for a date in <c>Retry-After</c>.</param>
    public static MetricAnswer.Fault Of(HttpResponseMessage response, string said, string host, DateTimeOffset now)
    {
        var status = (int)response.StatusCode;
        var quote = said.Length == 0 ? "" : $": {said}";
        var (kind, reason) = status switch
        {
            >= 300 and < 400 => (FaultKind.BadQuery, $"{host} redirects to {Target(response)} ({status}), and redirects are not followed. Write that address into the template if it is right"),
            401 or 403 or 407 => (FaultKind.Refused, $"{host} did not let us in ({status}){quote}. Check what the Secret holds, and what it is allowed"),
            408 or 504 => (FaultKind.Timeout, $"{host} took too long by its own word ({status}){quote}. Ask for less, or raise the template's timeout"),
            429 => (FaultKind.RateLimited, $"{host} is asked too often (429){quote}. Raise the template's interval, or the limit there"),
            >= 500 => (FaultKind.Unreachable, $"{host} is out of order ({status}){quote}"),
            404 => (FaultKind.BadQuery, $"{host} has nothing there (404){quote}. Check the address and the query"),
            _ => (FaultKind.BadQuery, $"{host} does not take the query ({status}){quote}. Check the query"),
        };
        return new MetricAnswer.Fault(kind, reason) { RetryAfter = RetryAfter(response, now) };
    }

    private static TimeSpan? RetryAfter(HttpResponseMessage response, DateTimeOffset now)
    {
        var asked = response.Headers.RetryAfter switch
        {
            { Delta: { } delta } => delta,
            { Date: { } date } => date - now,
            // Seconds to wait at Datadog; elsewhere it is a time, and larger than any wait.
            _ => response.Headers.TryGetValues("X-RateLimit-Reset", out var reset) && int.TryParse(reset.First(), NumberStyles.None, CultureInfo.InvariantCulture, out var seconds) && seconds <= 3600
                ? TimeSpan.FromSeconds(seconds)
                : (TimeSpan?)null,
        };
        // A time that is over is no wish, and a day is the longest that is believed.
        return asked is { } wait && wait > TimeSpan.Zero ? TimeSpan.FromTicks(Math.Min(wait.Ticks, TimeSpan.TicksPerDay)) : null;
    }

    // Without its query, which may hold a ticket.
    private static string Target(HttpResponseMessage response) => response.Headers.Location switch
    {
        { IsAbsoluteUri: true } absolute => absolute.GetLeftPart(UriPartial.Path),
        { } relative => relative.OriginalString.Split('?', '#')[0],
        null => "nowhere",
    };
}
