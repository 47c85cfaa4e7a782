namespace MeshCanary.Rollouts.Specs;

/// <summary>What only InfluxDB asks for.</summary>
public sealed record InfluxDbSpec
{
    /// <summary>The language of the query.</summary>
    public InfluxLanguage Language { get; init; } = InfluxLanguage.Flux;

    /// <summary>Organization: with Flux.</summary>
    public string? Organization { get; init; }

    /// <summary>Database: with InfluxQL and SQL. Flux names its bucket in the query.</summary>
    public string? Database { get; init; }
}
