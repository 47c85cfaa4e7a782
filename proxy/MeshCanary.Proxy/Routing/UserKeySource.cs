using MeshCanary.Splitting.Keys;
using Microsoft.AspNetCore.Http;

namespace MeshCanary.Proxy.Routing;

/// <summary>Where a sticky route finds the key of a user.</summary>
internal sealed record UserKeySource(string? Cookie, string? Header)
{
    public static UserKeySource None { get; } = new(null, null);

    /// <summary>What signs minted cookies; null where they are not signed.</summary>
    public SignedKey? Signer { get; init; }

    /// <summary>Life of a minted cookie in seconds; 0 for the browser's session.</summary>
    public uint CookieSeconds { get; init; }

    /// <summary>Whether <c>X-Forwarded-Proto</c> can be believed.</summary>
    public bool TrustForwarded { get; init; }

    /// <summary>What holds the key, or null when the route is not sticky.</summary>
    public string? Name => Header is not null ? $"header {Header}" : Cookie is not null ? $"cookie {Cookie}" : null;

    /// <summary>
    /// The user's key; a cookie that is missing, or that nobody here signed, is minted when the route has two arms to be
    /// sticky between.
    /// </summary>
    /// <param name="context">The request.</param>
    /// <param name="mint">Whether to mint a missing cookie.</param>
    /// <param name="brought">Whether the request brought the key along, so that the user may have been here before.</param>
    public string? Read(HttpContext context, bool mint, out bool brought)
    {
        var known = Find(context);
        if (Signer is not null)
            known = Verified(context, known);
        brought = !string.IsNullOrEmpty(known);
        if (brought)
            return known;
        return mint && Cookie is not null ? Mint(context) : null;
    }

    private string? Find(HttpContext context)
    {
        if (Header is not null)
            return context.Request.Headers.TryGetValue(Header, out var values) && values.Count > 0 ? values[0] : null;
        return Cookie is null ? null : CookieScan.Find(context.Request.Headers.Cookie, Cookie);
    }

    private string? Verified(HttpContext context, string? signed)
    {
        if (signed is null || !Signer!.Verify(signed, out var isOld))
            return null;
        var key = signed[..UserKey.MintedLength];
        // Its secret will be forgotten: under the newest the user stays who they are.
        if (isOld)
            SetCookie(context, Signer.Sign(key));
        return key;
    }

    private string Mint(HttpContext context)
    {
        var key = UserKey.Mint(new UInt128(FastRandom.Next(), FastRandom.Next()));
        SetCookie(context, Signer is null ? key : Signer.Sign(key));
        return key;
    }

    // Set before forwarding: response headers of the upstream are added to what is there.
    private void SetCookie(HttpContext context, string value)
    {
        var age = CookieSeconds == 0 ? "" : $"; Max-Age={CookieSeconds}";
        var secure = IsSecure(context.Request) ? "; Secure" : "";
        context.Response.Headers.Append("Set-Cookie", $"{Cookie}={value}; Path=/; HttpOnly; SameSite=Lax{age}{secure}");
    }

    private bool IsSecure(HttpRequest request)
    {
        if (request.IsHttps || !TrustForwarded)
            return request.IsHttps;
        // The client's own side comes first.
        var first = request.Headers["X-Forwarded-Proto"].ToString().AsSpan();
        var end = first.IndexOf(',');
        return (end < 0 ? first : first[..end]).Trim().Equals("https", StringComparison.OrdinalIgnoreCase);
    }
}
