namespace MeshCanary.Controller.Traffic.Meshes.GatewayApi;

/// <summary>What is reported of one route as it is written now.</summary>
/// <param name="Waits">What is waited for, or what a controller refuses, in plain words; null when nothing is.</param>
/// <param name="Proof">How it is known to be in force; null before it is.</param>
/// <param name="LookAgainAt">When to look again even if nothing changes; null for never.</param>
internal sealed record RouteReport(string? Waits, string? Proof, DateTimeOffset? LookAgainAt)
{
    /// <summary>Whether the route is in force, as far as that can be known.</summary>
    public bool IsInForce => Waits is null;
}
