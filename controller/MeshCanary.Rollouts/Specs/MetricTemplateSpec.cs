using System.Collections.Immutable;

namespace MeshCanary.Rollouts.Specs;

/// <summary>A query that Canaries name instead of repeating it.</summary>
public sealed record MetricTemplateSpec
{
    /// <summary>Who answers it.</summary>
    public required MetricProviderSpec Provider { get; init; }

    /// <summary>The query in the provider's own language, with variables as <c>{{ name }}</c>.</summary>
    public required string Query { get; init; }

    /// <summary>For counts: the query for the total that the events are a part of; null otherwise.</summary>
    public string? TotalQuery { get; init; }

    /// <summary>Variables of its own, with a default or without one.</summary>
    public ImmutableArray<MetricArgument> Arguments { get; init; } = [];

    /// <summary>Shortest time that one question may be about; null for any.</summary>
    public TimeSpan? Interval { get; init; }

    /// <summary>Longest wait for an answer.</summary>
    public TimeSpan Timeout { get; init; } = TimeSpan.FromSeconds(10);
}
