using System.Collections.Immutable;

namespace MeshCanary.Analysis.Kayenta;

/// <summary>What one judgement found. Plain finite numbers, so JSON brings it back bit for bit.</summary>
public sealed record KayentaJudgement
{
    /// <summary>The rules it followed.</summary>
    public required KayentaVersion Version { get; init; }

    /// <summary>0…100, two decimals; null when the outcome is Inconclusive. Odd weights can carry the first version's beyond that range.</summary>
    public required double? Score { get; init; }

    /// <summary>What it says.</summary>
    public required KayentaOutcome Outcome { get; init; }

    /// <summary>Why, in one plain sentence.</summary>
    public required string Reason { get; init; }

    /// <summary>The groups, in the order they occur.</summary>
    public required ImmutableArray<KayentaGroupScore> Groups { get; init; }

    /// <summary>The metrics, in the order of the data.</summary>
    public required ImmutableArray<KayentaMetricResult> Metrics { get; init; }
}
