namespace MeshCanary.Rollouts.Specs;

/// <summary>A variable of a metric's query that is not one of those every query has.</summary>
/// <param name="Name">Its name, as in <c>{{ name }}</c>.</param>
/// <param name="Value">What stands in its place; null in a template that leaves it to the Canary.</param>
public sealed record MetricArgument(string Name, string? Value);
