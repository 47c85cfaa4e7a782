using System.Collections.Immutable;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using MeshCanary.Rollouts.Specs;
using MeshCanary.Splitting.Rules;
using MeshCanary.Splitting.Weights;

namespace MeshCanary.Controller.Traffic.Meshes.Istio;

/// <summary>How the requests of one Canary are to be split, in Istio's terms. Immutable.</summary>
/// <param name="Stable">Name of the Service of the stable version.</param>
/// <param name="Canary">Name of the Service of the new version; null when it gets nothing.</param>
/// <param name="Weight">The new version's share, in basis points.</param>
internal sealed record IstioSplit(string Stable, string? Canary, int Weight)
{
    /// <summary>The new version's revision; empty without one.</summary>
    public string Revision { get; init; } = "";

    /// <summary>Requests that go to the new version whatever the weight.</summary>
    public ImmutableArray<MatchRule> Match { get; init; } = [];

    /// <summary>Share of requests that the new version gets a copy of, in basis points; 0 for none.</summary>
    public int Mirror { get; init; }

    /// <summary>What keeps users on a version; null for nothing.</summary>
    public StickinessSpec? Stickiness { get; init; }

    /// <summary>Weights that users may have been split by before in this run, in basis points, ascending.</summary>
    public ImmutableArray<int> Earlier { get; init; } = [];

    /// <summary>The split that a wish asks for; null while there is no Service of stable.</summary>
    public static IstioSplit? Of(MeshWish wish)
    {
        if (wish.Plan is not { } plan || !wish.ArmServices.TryGetValue(plan.Stable.Name, out var stable))
            return null;
        if (plan.Canary is not { } canary || !plan.RulesApply || !wish.ArmServices.TryGetValue(canary.Name, out var other))
            return new IstioSplit(stable, null, 0);
        var strategy = wish.Manifest.Spec.Strategy;
        return new IstioSplit(stable, other, plan.CanaryWeight.Value)
        {
            Revision = canary.Name,
            Match = strategy.Match,
            Mirror = strategy.Mirror?.Share.Value ?? 0,
            Stickiness = plan.CanaryWeight.Value < BasisPoints.Whole ? strategy.Stickiness : null,
            Earlier = [.. strategy.Steps.Select(step => step.Weight?.Value ?? 0).Where(weight => weight > 0 && weight < plan.CanaryWeight.Value).Distinct().Order()],
        };
    }

    /// <summary>The split in words, for people who look at a route, and to know a later one by.</summary>
    public override string ToString()
    {
        var rules = Encoding.UTF8.GetBytes($"{string.Join(';', Match.Select(rule => string.Join(',', rule.Conditions)))}|{Mirror}|{Stickiness}");
        var told = Canary is null
            ? $"{Stable} 100%"
            : string.Create(CultureInfo.InvariantCulture, $"{Stable} {(BasisPoints.Whole - Weight) / 100.0}%, {Canary} {Weight / 100.0}%");
        return $"{told} ({Convert.ToHexStringLower(SHA256.HashData(rules))[..8]})";
    }
}
