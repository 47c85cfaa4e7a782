namespace MeshCanary.Rollouts.Specs;

/// <summary>Who answers a metric's query.</summary>
public sealed record MetricProviderSpec
{
    /// <summary>Name of the provider, such as <c>prometheus</c>.</summary>
    public required string Type { get; init; }

    /// <summary>Where it is: an absolute http(s) address, with a path where it has one.</summary>
    public required string Address { get; init; }

    /// <summary>Name of a Secret of the same namespace with what it asks for to be let in; null for nothing.</summary>
    public string? SecretName { get; init; }
}
