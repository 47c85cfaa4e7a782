using MeshCanary.Splitting.Keys;
using Microsoft.AspNetCore.Http;

namespace MeshCanary.Proxy.Routing;

/// <summary>Where a sticky route finds the key of a user.</summary>
internal sealed record UserKeySource(string? Cookie, string? Header)
{
    public static UserKeySource None { get; } = new(null, null);

    /// <summary>What holds the key, or null when the route is not sticky.</summary>
    public string? Name => Header is not null ? $"header {Header}" : Cookie is not null ? $"cookie {Cookie}" : null;

    /// <summary>The user's key; a cookie that is missing is minted when the route has two arms to be sticky between.</summary>
    /// <param name="context">The request.</param>
    /// <param name="mint">Whether to mint a missing cookie.</param>
    /// <param name="brought">Whether the request brought the key along, so that the user may have been here before.</param>
    public string? Read(HttpContext context, bool mint, out bool brought)
    {
        var known = Find(context);
        brought = !string.IsNullOrEmpty(known);
        if (brought)
            return known;
        return mint && Cookie is not null ? Mint(context, Cookie) : null;
    }

    private string? Find(HttpContext context)
    {
        if (Header is not null)
            return context.Request.Headers.TryGetValue(Header, out var values) && values.Count > 0 ? values[0] : null;
        return Cookie is null ? null : CookieScan.Find(context.Request.Headers.Cookie, Cookie);
    }

    private static string Mint(HttpContext context, string cookie)
    {
        var key = UserKey.Mint(new UInt128(FastRandom.Next(), FastRandom.Next()));
        // Set before forwarding: response headers of the upstream are added to what is there.
        context.Response.Headers.Append("Set-Cookie", $"{cookie}={key}; Path=/; HttpOnly; SameSite=Lax");
        return key;
    }
}
