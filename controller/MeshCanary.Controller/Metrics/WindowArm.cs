using System.Collections.Immutable;
using MeshCanary.Analysis.Samples;

namespace MeshCanary.Controller.Metrics;

/// <summary>What one revision served in one window.</summary>
/// <param name="Counts">All of it.</param>
/// <param name="Endpoints">The same by endpoint over all proxies, ordered by name; what reached no endpoint is left out.</param>
internal sealed record WindowArm(ArmCounts Counts, ImmutableArray<EndpointCounts> Endpoints)
{
    /// <summary>A revision that served nothing.</summary>
    public static WindowArm None { get; } = new(ArmCounts.None, []);
}
