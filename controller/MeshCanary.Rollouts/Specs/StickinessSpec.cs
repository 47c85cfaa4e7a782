namespace MeshCanary.Rollouts.Specs;

/// <summary>Where the user key is. Exactly one is set.</summary>
/// <param name="Cookie">Name of the cookie (minted when absent), or null.</param>
/// <param name="Header">Name of the request header, or null.</param>
public sealed record StickinessSpec(string? Cookie, string? Header);
