using System.Collections.Immutable;
using MeshCanary.Analysis.Judging;

namespace MeshCanary.Analysis.Kayenta;

/// <summary>A canary configuration as users of Kayenta know it: metrics, group weights and score thresholds. Immutable.</summary>
public sealed record KayentaConfig
{
    /// <summary>The metrics that are judged.</summary>
    public required ImmutableArray<KayentaMetric> Metrics { get; init; }

    /// <summary>Weight per group, in percent; groups without one share what is missing to 100 equally.</summary>
    public ImmutableSortedDictionary<string, double> GroupWeights { get; init; } = ImmutableSortedDictionary<string, double>.Empty;

    /// <summary>The score thresholds.</summary>
    public KayentaThresholds Thresholds { get; init; } = new();

    /// <summary>
    /// Second version only: with fewer values than this in an arm a metric is Inconclusive. Five against five is the
    /// smallest pair of equal samples in which 98 % confidence can be reached at all.
    /// </summary>
    public int MinimumPoints { get; init; } = 5;

    /// <summary>
    /// Everything that is wrong with this configuration; empty when a judge of that version can work with it. The first
    /// version takes what Kayenta takes: any words, any weights.
    /// </summary>
    public ImmutableArray<SettingProblem> Validate(KayentaVersion version) => KayentaConfigCheck.Run(this, version);
}
