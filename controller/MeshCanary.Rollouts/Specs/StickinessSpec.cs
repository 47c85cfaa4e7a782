namespace MeshCanary.Rollouts.Specs;

/// <summary>Where the user key is. Exactly one of cookie and header is set.</summary>
/// <param name="Cookie">Name of the cookie (minted when absent), or null.</param>
/// <param name="Header">Name of the request header, or null.</param>
public sealed record StickinessSpec(string? Cookie, string? Header)
{
    /// <summary>Whether minted cookies are signed, and others are replaced; only with a cookie.</summary>
    public bool IsSigned { get; init; }

    /// <summary>Life of a minted cookie; null for the browser's session.</summary>
    public TimeSpan? Lifetime { get; init; }
}
