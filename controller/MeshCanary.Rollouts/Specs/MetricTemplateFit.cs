using MeshCanary.Analysis.Judging.Custom;

namespace MeshCanary.Rollouts.Specs;

/// <summary>Tells whether a metric and the template that it names go together.</summary>
public static class MetricTemplateFit
{
    /// <summary>What does not fit, each a sentence with what to do; empty when all does.</summary>
    /// <param name="metric">The metric.</param>
    /// <param name="kind">What it does with the answers.</param>
    /// <param name="template">The template.</param>
    public static IEnumerable<string> Faults(MetricSpec metric, CustomKind kind, MetricTemplateSpec template)
    {
        ArgumentNullException.ThrowIfNull(metric);
        ArgumentNullException.ThrowIfNull(template);
        if (kind == CustomKind.Counts && template.TotalQuery is null)
            yield return "the template has no totalQuery, which counts need. Add the query for the total, or use another kind.";
        if (kind != CustomKind.Counts && template.TotalQuery is not null)
            yield return "the template has a totalQuery, which only counts use. Write counts, or name a template without it.";
        if (template.Interval is { } least && metric.Interval < least)
            yield return $"the template's questions are about {least.TotalSeconds:0.###} s or more, and this metric asks about {metric.Interval.TotalSeconds:0.###} s. Raise interval of the metric.";
        foreach (var argument in metric.Arguments.Where(argument => template.Arguments.All(known => known.Name != argument.Name)))
            yield return $"the template has no variable '{argument.Name}'{(template.Arguments.IsEmpty ? " of its own" : $"; it has {string.Join(", ", template.Arguments.Select(known => known.Name))}")}. Remove it from args, or correct its name.";
        foreach (var known in template.Arguments.Where(known => known.Value is null && metric.Arguments.All(argument => argument.Name != known.Name)))
            yield return $"the template's variable '{known.Name}' has no default and no value. Give it in args.";
    }
}
