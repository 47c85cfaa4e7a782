namespace MeshCanary.Rollouts.Specs;

/// <summary>What only a Job asks for.</summary>
public sealed record MetricJobSpec
{
    /// <summary>The template of the Job as JSON: <c>metadata</c> and <c>spec</c>, as in the template of a CronJob.</summary>
    public required string Template { get; init; }

    /// <summary>Longest time that the Job may run, waiting for a node and for its image included.</summary>
    public TimeSpan Deadline { get; init; } = TimeSpan.FromMinutes(10);
}
