namespace MeshCanary.Rollouts.Specs;

/// <summary>A query that Canaries name instead of repeating it.</summary>
public sealed record MetricTemplateSpec
{
    /// <summary>Who answers it.</summary>
    public required MetricProviderSpec Provider { get; init; }

    /// <summary>The query in the provider's own language.</summary>
    public required string Query { get; init; }

    /// <summary>Time from query to query; null for the interval of the analysis.</summary>
    public TimeSpan? Interval { get; init; }

    /// <summary>Longest wait for an answer.</summary>
    public TimeSpan Timeout { get; init; } = TimeSpan.FromSeconds(10);
}
