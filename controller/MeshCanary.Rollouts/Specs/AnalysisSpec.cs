using System.Collections.Immutable;
using MeshCanary.Analysis.Judging;

namespace MeshCanary.Rollouts.Specs;

/// <summary>How the canary is judged.</summary>
public sealed record AnalysisSpec
{
    /// <summary>Length of an analysed interval.</summary>
    public TimeSpan Interval { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>Time after the first canary traffic that guards watch but the tests do not count.</summary>
    public TimeSpan Warmup { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>Where the counts come from.</summary>
    public SourceSpec Source { get; init; } = new();

    /// <summary>The engine's settings.</summary>
    public AnalysisSettings Settings { get; init; } = new();

    /// <summary>Where the answers to <see cref="AnalysisSettings.Metrics"/> come from, in the same order.</summary>
    public ImmutableArray<MetricSpec> Metrics { get; init; } = [];

    /// <summary>What happens at a step's longest duration without a verdict.</summary>
    public InconclusiveAction OnInconclusive { get; init; } = InconclusiveAction.Hold;
}
