using MeshCanary.Rollouts.Revisions;

namespace MeshCanary.Rollouts.States;

/// <summary>An arm that gets no new request any more, and keeps its pods until what it still serves has had its time.</summary>
/// <param name="Revision">What it runs.</param>
/// <param name="Until">When its pods go; null until every proxy acknowledged a route without it.</param>
public sealed record LeavingArm(Revision Revision, DateTimeOffset? Until);
