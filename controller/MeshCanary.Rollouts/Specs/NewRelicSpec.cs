namespace MeshCanary.Rollouts.Specs;

/// <summary>What only New Relic asks for.</summary>
public sealed record NewRelicSpec
{
    /// <summary>Number of the account.</summary>
    public required long Account { get; init; }

    /// <summary>Which number of a row is meant; null when a row has one.</summary>
    public string? Field { get; init; }
}
