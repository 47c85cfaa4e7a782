using System.Collections.Immutable;
using MeshCanary.Rollouts.Revisions;

namespace MeshCanary.Controller.Keeping;

/// <summary>Whether a workload can be taken under control.</summary>
/// <param name="Stable">The revision that it runs; null while that is not known.</param>
/// <param name="Obstacles">What stands against it; empty when nothing does.</param>
internal sealed record Adoptability(Revision? Stable, ImmutableArray<Obstacle> Obstacles);
