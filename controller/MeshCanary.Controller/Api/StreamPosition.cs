using System.Globalization;
using Microsoft.AspNetCore.Http;

namespace MeshCanary.Controller.Api;

/// <summary>Where a client wants to go on.</summary>
internal static class StreamPosition
{
    /// <summary>The id of the last event that the client has: what a browser sends when it connects again, or <c>?after=</c>; null for neither.</summary>
    public static long? Read(HttpContext http) =>
        Parse(http.Request.Headers["Last-Event-ID"]) ?? Parse(http.Request.Query["after"]);

    private static long? Parse(string? text) =>
        long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var id) ? id : null;
}
