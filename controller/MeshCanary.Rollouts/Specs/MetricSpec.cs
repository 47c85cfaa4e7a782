using System.Collections.Immutable;

namespace MeshCanary.Rollouts.Specs;

/// <summary>
/// Where the answers to one entry of <c>spec.analysis.metrics</c> come from. What is done with them is the
/// <see cref="Analysis.Judging.Custom.CustomMetric"/> of the same name.
/// </summary>
public sealed record MetricSpec
{
    /// <summary>Its name.</summary>
    public required string Name { get; init; }

    /// <summary>Name of a MetricTemplate of the Canary's namespace; null where the query is given here.</summary>
    public string? Template { get; init; }

    /// <summary>The query given here; null where a template is named.</summary>
    public MetricTemplateSpec? Inline { get; init; }

    /// <summary>Values of the query's own variables.</summary>
    public ImmutableArray<MetricArgument> Arguments { get; init; } = [];

    /// <summary>Length of the time that one question is about: a multiple of the interval of the analysis.</summary>
    public required TimeSpan Interval { get; init; }

    /// <summary>Wait from the end of that time to the question, for sources that know it only later.</summary>
    public TimeSpan Delay { get; init; } = TimeSpan.FromSeconds(20);
}
