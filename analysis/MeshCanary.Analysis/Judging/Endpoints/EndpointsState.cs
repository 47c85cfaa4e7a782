using System.Collections.Immutable;

namespace MeshCanary.Analysis.Judging.Endpoints;

/// <summary>State of the canary's endpoints.</summary>
/// <param name="IsOverfull">Whether there were more than are watched.</param>
/// <param name="Endpoints">Those watched, in the order in which they appeared.</param>
public sealed record EndpointsState(bool IsOverfull, ImmutableArray<EndpointState> Endpoints);
