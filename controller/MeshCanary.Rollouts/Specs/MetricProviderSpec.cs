using System.Collections.Immutable;

namespace MeshCanary.Rollouts.Specs;

/// <summary>Who answers a metric's query. Immutable.</summary>
public sealed record MetricProviderSpec
{
    /// <summary>Name of the provider, such as <c>prometheus</c>; one of <see cref="MetricProviderTypes"/>.</summary>
    public required string Type { get; init; }

    /// <summary>Where it is: an absolute http(s) address, with a path where it has one. Empty for a provider inside the cluster: <c>job</c>.</summary>
    public required string Address { get; init; }

    /// <summary>Name of a Secret of the same namespace with what it asks for to be let in; null for nothing.</summary>
    public string? SecretName { get; init; }

    /// <summary>Header fields of every request, without credentials; a tenant, for example.</summary>
    public ImmutableSortedDictionary<string, string> Headers { get; init; } = ImmutableSortedDictionary<string, string>.Empty;

    /// <summary>How its certificate is checked; null for what the system trusts.</summary>
    public MetricTlsSpec? Tls { get; init; }

    /// <summary>Which number a series of several points stands for; null when it has to be one point.</summary>
    public PointReduction? Reduce { get; init; }

    /// <summary>What only CloudWatch asks for; null for another type.</summary>
    public CloudWatchSpec? CloudWatch { get; init; }

    /// <summary>What only New Relic asks for; null for another type.</summary>
    public NewRelicSpec? NewRelic { get; init; }

    /// <summary>What only InfluxDB asks for; null for another type.</summary>
    public InfluxDbSpec? InfluxDb { get; init; }

    /// <summary>What only an address of one's own asks for; null for another type.</summary>
    public WebSpec? Web { get; init; }

    /// <summary>What only a Job asks for; null for another type.</summary>
    public MetricJobSpec? Job { get; init; }
}
