using System.Collections.Frozen;
using MeshCanary.Rollouts.Specs;

namespace MeshCanary.Controller.Metrics.Templates;

/// <summary>The templates of the files that a standalone controller was started with.</summary>
internal sealed class FileTemplates(IEnumerable<NamedMetricTemplate> templates) : IMetricTemplates
{
    private readonly FrozenDictionary<(string, string), MetricTemplateSpec> _templates = templates.ToFrozenDictionary(template => (template.Namespace, template.Name), template => template.Spec);

    /// <inheritdoc/>
    public TemplateFound Find(string @namespace, string name) =>
        _templates.TryGetValue((@namespace, name), out var spec) ? new TemplateFound(spec, null) : TemplateFound.Missing(@namespace, name);
}
