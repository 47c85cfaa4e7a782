namespace MeshCanary.Proxy.Endpoints;

/// <summary>How one address of a snapshot stands, for reports.</summary>
/// <param name="Address">As the snapshot says it.</param>
/// <param name="IsReady">Whether it gets requests; a host name is ready when one of its addresses is.</param>
/// <param name="Obstacle">Why it is not ready, in words; empty when it is.</param>
internal readonly record struct EndpointStatus(string Address, bool IsReady, string Obstacle);
