using System.Collections.Immutable;
using MeshCanary.Splitting.Rules;
using MeshCanary.Splitting.Weights;

namespace MeshCanary.Controller.Traffic.Meshes.GatewayApi;

/// <summary>Where what was meant for one Service goes. Immutable.</summary>
/// <param name="Namespace">The Service's namespace.</param>
/// <param name="Service">The Service that clients call.</param>
/// <param name="Stable">The Service of the stable revision.</param>
/// <param name="Canary">The Service of the canary; null for none.</param>
/// <param name="Weight">The canary's share, in basis points.</param>
internal sealed record ArmSplit(string Namespace, string Service, string Stable, string? Canary, int Weight)
{
    /// <summary>Ports of the Service that are split; empty for all.</summary>
    public ImmutableArray<int> Ports { get; init; } = [];

    /// <summary>Requests for which any of these holds go to the canary.</summary>
    public ImmutableArray<MatchRule> Rules { get; init; } = [];

    /// <summary>Share of requests that are copied to the canary, in basis points; 0 for none.</summary>
    public int Mirrored { get; init; }

    /// <summary>Whether a part goes to the canary by rules, weight or copies.</summary>
    public bool IsExposed => Canary is not null && Weight > 0;

    /// <summary>The share as people write it.</summary>
    public string Share => new BasisPoints(Weight).ToString();
}
