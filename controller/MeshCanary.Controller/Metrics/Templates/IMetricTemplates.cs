namespace MeshCanary.Controller.Metrics.Templates;

/// <summary>The metric templates that there are. Thread-safe.</summary>
internal interface IMetricTemplates
{
    /// <summary>Looks one up.</summary>
    TemplateFound Find(string @namespace, string name);
}
