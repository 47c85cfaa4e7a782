namespace MeshCanary.Rollouts.Specs;

/// <summary>A <c>MetricTemplate</c> of a file.</summary>
/// <param name="Namespace">Its namespace.</param>
/// <param name="Name">Its name.</param>
/// <param name="Spec">What it asks for.</param>
public sealed record NamedMetricTemplate(string Namespace, string Name, MetricTemplateSpec Spec);
