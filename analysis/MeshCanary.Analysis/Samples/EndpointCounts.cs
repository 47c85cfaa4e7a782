namespace MeshCanary.Analysis.Samples;

/// <summary>What one endpoint (a pod, an address) of an arm served in one interval.</summary>
/// <param name="Endpoint">Its name, the same in every interval of a run.</param>
/// <param name="Counts">What it served: a part of the arm's own counts.</param>
public sealed record EndpointCounts(string Endpoint, ArmCounts Counts);
