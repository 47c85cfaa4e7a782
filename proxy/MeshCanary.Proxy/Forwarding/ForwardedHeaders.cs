using Microsoft.AspNetCore.Http;

namespace MeshCanary.Proxy.Forwarding;

/// <summary>
/// Host and X-Forwarded-* of a request to an upstream. The Host stays the client's: an upstream behind a service name must
/// see that name.
/// </summary>
internal static class ForwardedHeaders
{
    private const string For = "X-Forwarded-For";
    private const string Proto = "X-Forwarded-Proto";
    private const string Host = "X-Forwarded-Host";
    private const string Prefix = "X-Forwarded-Prefix";

    /// <summary>Writes them, when the client's own headers have been copied.</summary>
    /// <param name="context">The client's request.</param>
    /// <param name="outgoing">The upstream's.</param>
    /// <param name="authority">The upstream's own name.</param>
    /// <param name="trust">Whether the client is a proxy that can be believed.</param>
    public static void Write(HttpContext context, HttpRequestMessage outgoing, string authority, bool trust)
    {
        var request = context.Request;
        var headers = outgoing.Headers;
        // A request that names no host gets the upstream's own, which is not the address that a name was resolved to.
        var host = request.Host;
        if (!host.HasValue)
            headers.Host = authority;

        if (!trust)
        {
            foreach (var name in (ReadOnlySpan<string>)[For, Proto, Host, Prefix])
            {
                if (request.Headers.ContainsKey(name))
                    headers.Remove(name);
            }
        }

        if (context.Connection.RemoteIpAddress is { } client)
            headers.TryAddWithoutValidation(For, client.ToString());
        if (!trust || !request.Headers.ContainsKey(Proto))
            headers.TryAddWithoutValidation(Proto, request.Scheme);
        if (host.HasValue && (!trust || !request.Headers.ContainsKey(Host)))
            headers.TryAddWithoutValidation(Host, host.ToUriComponent());
    }
}
