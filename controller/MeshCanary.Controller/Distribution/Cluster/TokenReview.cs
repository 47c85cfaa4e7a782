namespace MeshCanary.Controller.Distribution.Cluster;

/// <summary>What the API server says of a token.</summary>
/// <param name="Caller">Whose it is; null when it is nobody's.</param>
/// <param name="Refusal">Why it is nobody's; null when it is somebody's.</param>
internal sealed record TokenReview(ProxyCaller? Caller, string? Refusal);
