using System.Collections.Immutable;
using MeshCanary.Analysis.Judging.Custom;
using MeshCanary.Rollouts.Specs;

namespace MeshCanary.Controller.Metrics.Templates;

/// <summary>A custom metric of a run with its query, which stays as it was when the run found it. Immutable.</summary>
/// <param name="Spec">Where its answers come from.</param>
/// <param name="Kind">What is done with them.</param>
/// <param name="BothArms">Whether both arms are asked for.</param>
/// <param name="Query">The query; null while its template is not there, or does not fit.</param>
internal sealed record RunMetric(MetricSpec Spec, CustomKind Kind, bool BothArms, MetricTemplateSpec? Query)
{
    /// <summary>Why there is no query; null when there is one.</summary>
    public string? Fault { get; init; }

    /// <summary>The metrics of a spec, with the queries that are written in it.</summary>
    public static ImmutableArray<RunMetric> Of(AnalysisSpec spec) =>
        [.. spec.Metrics.Zip(spec.Settings.Metrics, (source, use) => new RunMetric(source, use.Kind, use.Kind != CustomKind.Guard || use.BothArms, source.Inline))];

    /// <summary>The metrics with the templates that are there by now; the same when nothing is new.</summary>
    public static ImmutableArray<RunMetric> Resolve(ImmutableArray<RunMetric> metrics, string @namespace, IMetricTemplates templates) =>
        metrics.All(metric => metric.Query is not null) ? metrics : [.. metrics.Select(metric => metric.Query is null ? metric.Resolve(@namespace, templates) : metric)];

    private RunMetric Resolve(string @namespace, IMetricTemplates templates)
    {
        var found = templates.Find(@namespace, Spec.Template!);
        if (found.Spec is not { } query)
            return this with { Fault = found.Fault };
        return MetricTemplateFit.Faults(Spec, Kind, query).FirstOrDefault() is { } misfit
            ? this with { Fault = $"MetricTemplate {@namespace}/{Spec.Template} does not fit: {misfit.TrimEnd('.')}" }
            : this with { Query = query, Fault = null };
    }
}
