using MeshCanary.Analysis.Judging.Streams;

namespace MeshCanary.Analysis.Judging.Endpoints;

/// <summary>The arms in one metric and interval, of which an endpoint's part is taken off.</summary>
/// <param name="Bad">The canary's bad requests.</param>
/// <param name="Beyond">The canary's beyond the tolerance.</param>
/// <param name="Stable">Bad requests of the arm compared with.</param>
internal readonly record struct EndpointTallies(Tally Bad, Tally Beyond, Tally Stable);
