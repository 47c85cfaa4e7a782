using System.Buffers;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Yarp.ReverseProxy.Forwarder;

namespace MeshCanary.Proxy.Upstreams;

/// <summary>The target in the request line to the upstream.</summary>
internal static class RequestTarget
{
    // What a path or a query may be made of as it is (RFC 3986, section 3.3), escapes included.
    private static readonly SearchValues<char> Plain =
        SearchValues.Create("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-._~!$&'()*+,;=:@/?%");

    /// <summary>
    /// The client's own bytes where they are a plain path, so that an escape stays the escape that it was. Anything else (other
    /// characters, dot segments, an absolute address) goes in the form that routing has seen, which nobody can read as another path.
    /// </summary>
    /// <param name="context">The request.</param>
    /// <exception cref="UriFormatException">No target can be made of it.</exception>
    public static string Of(HttpContext context)
    {
        var raw = context.Features.Get<IHttpRequestFeature>()?.RawTarget;
        if (raw is { Length: > 0 } && raw[0] == '/' && !raw.AsSpan().ContainsAnyExcept(Plain) && !HasDots(raw))
            return raw;
        var request = context.Request;
        return RequestUtilities.MakeDestinationAddress("http://upstream", request.Path, request.QueryString).PathAndQuery;
    }

    private static bool HasDots(string target)
    {
        var path = target.AsSpan();
        var query = path.IndexOf('?');
        if (query >= 0)
            path = path[..query];
        return path.Contains("/.", StringComparison.Ordinal) || path.Contains("%2e", StringComparison.OrdinalIgnoreCase)
            || path.Contains("%2f.", StringComparison.OrdinalIgnoreCase) || path.StartsWith("//", StringComparison.Ordinal);
    }
}
