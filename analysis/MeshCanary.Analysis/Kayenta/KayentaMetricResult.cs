using System.Collections.Immutable;

namespace MeshCanary.Analysis.Kayenta;

/// <summary>What a judgement found for one metric and one set of tags. Plain finite numbers; what does not exist is null.</summary>
public sealed record KayentaMetricResult
{
    /// <summary>The metric's name.</summary>
    public required string Name { get; init; }

    /// <summary>The tags of the pair; empty for most.</summary>
    public ImmutableSortedDictionary<string, string> Tags { get; init; } = ImmutableSortedDictionary<string, string>.Empty;

    /// <summary>The groups it counts in.</summary>
    public required ImmutableArray<string> Groups { get; init; }

    /// <summary>The label.</summary>
    public required KayentaLabel Label { get; init; }

    /// <summary>Why, in words.</summary>
    public string Reason { get; init; } = string.Empty;

    /// <summary>Whether this label, unless it is Pass, fails the canary alone.</summary>
    public bool Critical { get; init; }

    /// <summary>Whether the metric must have data, by its configuration or because it is critical.</summary>
    public bool Required { get; init; }

    /// <summary>Whether the metric is only reported.</summary>
    public bool Muted { get; init; }

    /// <summary>Mean of the canary by mean of the baseline; 1 when nothing was compared, null when a mean is 0.</summary>
    public double? Deviation { get; init; }

    /// <summary>The effect size that was held against the thresholds; null when it does not exist or nothing was compared.</summary>
    public double? Effect { get; init; }

    /// <summary>By how much the canary lies above the baseline; null when nothing was compared.</summary>
    public ShiftInterval? Shift { get; init; }

    /// <summary>The baseline's values after preparation.</summary>
    public KayentaStatistics Control { get; init; } = KayentaStatistics.Of([]);

    /// <summary>The canary's values after preparation.</summary>
    public KayentaStatistics Experiment { get; init; } = KayentaStatistics.Of([]);
}
