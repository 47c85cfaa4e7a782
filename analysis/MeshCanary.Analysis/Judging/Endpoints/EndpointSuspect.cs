namespace MeshCanary.Analysis.Judging.Endpoints;

/// <summary>An endpoint that the whole regression comes from.</summary>
/// <param name="Endpoint">Its name.</param>
/// <param name="Without">ln of the FAIL evidence without it, at its highest.</param>
/// <param name="Apart">ln of the evidence that it is worse than the canary's other endpoints.</param>
/// <param name="IsGone">Whether it serves no longer.</param>
internal sealed record EndpointSuspect(string Endpoint, double Without, double Apart, bool IsGone);
