using System.Collections.Immutable;

namespace MeshCanary.Analysis.Kayenta;

/// <summary>The values of one metric, with one set of tags, in both arms.</summary>
/// <param name="Name">The metric's name.</param>
/// <param name="Tags">What tells this pair from others of the metric; empty for most.</param>
/// <param name="Control">Values of the baseline, one per step; NaN where there is none.</param>
/// <param name="Experiment">Values of the canary, one per step; NaN where there is none.</param>
public sealed record KayentaPair(string Name, ImmutableSortedDictionary<string, string> Tags, ImmutableArray<double> Control, ImmutableArray<double> Experiment)
{
    /// <summary>A pair without tags.</summary>
    public KayentaPair(string name, ImmutableArray<double> control, ImmutableArray<double> experiment)
        : this(name, ImmutableSortedDictionary<string, string>.Empty, control, experiment)
    {
    }
}
