using System.Buffers;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace MeshCanary.Proxy.Forwarding;

/// <summary>
/// Which address a request goes to. A target is passed on byte for byte: decoding and encoding again would make other
/// names of <c>%2F</c> or <c>%7E</c>, which routes and signatures of an upstream tell apart.
/// </summary>
internal static class UpstreamTarget
{
    // RFC 3986: what may stand in a path or a query. Nothing here ends a target or a line.
    private static readonly SearchValues<char> Allowed = SearchValues.Create(
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~!$&'()*+,;=:@/?%");

    private static readonly UriCreationOptions AsItIs = new() { DangerousDisablePathAndQueryCanonicalization = true };

    /// <summary>The address at a destination.</summary>
    /// <returns>
    /// Null when the target cannot be passed on as it is: it has another form, characters that no target has, or dot
    /// segments. Then the path goes that was routed, encoded anew.
    /// </returns>
    public static Uri? Of(HttpContext context, string destination)
    {
        var target = context.Features.GetRequiredFeature<IHttpRequestFeature>().RawTarget;
        return PassesAsItIs(target) ? new Uri(string.Concat(destination.AsSpan().TrimEnd('/'), target), in AsItIs) : null;
    }

    /// <summary>Whether a target can be passed on as it is.</summary>
    public static bool PassesAsItIs(string target) =>
        target.StartsWith('/') && !target.AsSpan().ContainsAnyExcept(Allowed) && !MayHaveDots(target);

    private static bool MayHaveDots(ReadOnlySpan<char> target)
    {
        var end = target.IndexOf('?');
        var path = end < 0 ? target : target[..end];
        return path.Contains("/.", StringComparison.Ordinal) || path.Contains("%2e", StringComparison.OrdinalIgnoreCase);
    }
}
