using MeshCanary.Controller.Crds;
using MeshCanary.Machinery.Informers;
using MeshCanary.Machinery.Resources;
using MeshCanary.Rollouts.Specs.Parsing;

namespace MeshCanary.Controller.Metrics.Templates;

/// <summary>The templates of a cluster.</summary>
internal sealed class ClusterTemplates(Informer<MetricTemplateObject> informer) : IMetricTemplates
{
    /// <inheritdoc/>
    public TemplateFound Find(string @namespace, string name)
    {
        if (!informer.HasSynced)
            return new TemplateFound(null, "the metric templates of the cluster are not known yet");
        if (!informer.Store.TryGet(new ObjectKey(@namespace, name), out var template))
            return TemplateFound.Missing(@namespace, name);
        return MetricTemplateReader.ReadObject(template.Spec, out var errors) is { } spec
            ? new TemplateFound(spec, null)
            : new TemplateFound(null, $"MetricTemplate {@namespace}/{name} cannot be read: {errors[0].Said.TrimEnd('.')}");
    }
}
