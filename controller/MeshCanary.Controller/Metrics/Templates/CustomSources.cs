namespace MeshCanary.Controller.Metrics.Templates;

/// <summary>Where answers to custom metrics come from.</summary>
/// <param name="Asker">Asks.</param>
/// <param name="Templates">The templates that there are.</param>
internal sealed record CustomSources(IMetricAsker Asker, IMetricTemplates Templates);
