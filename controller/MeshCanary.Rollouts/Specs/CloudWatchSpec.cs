namespace MeshCanary.Rollouts.Specs;

/// <summary>What only CloudWatch asks for.</summary>
public sealed record CloudWatchSpec
{
    /// <summary>Region, such as <c>eu-west-1</c>.</summary>
    public required string Region { get; init; }

    /// <summary>Length of a period of a query that is an expression; whole minutes.</summary>
    public TimeSpan Period { get; init; } = TimeSpan.FromMinutes(1);
}
