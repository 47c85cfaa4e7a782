using MeshCanary.Analysis.Judging;
using MeshCanary.Analysis.Judging.Custom;

namespace MeshCanary.Cli.Rendering;

/// <summary>How far evidence has come toward its threshold: 0 none, 1 reached.</summary>
internal static class EvidenceLevels
{
    /// <summary>Toward a rollback, over all metrics; at its highest so far, which is what decides.</summary>
    public static double Harm(Verdict verdict) => Level(verdict.HighestFailEvidence, verdict.FailThreshold);

    /// <summary>Toward being named as a culprit.</summary>
    public static double Harm(Verdict verdict, MetricEvidence metric) => Level(metric.AdjustedFailEvidence, verdict.FailThreshold);

    /// <summary>Toward a promotion: the metric that is furthest behind.</summary>
    public static double Safety(Verdict verdict) =>
        verdict.Metrics.IsDefaultOrEmpty
            ? 0
            : verdict.Metrics.Select(metric => Safety(verdict, metric)).Concat((verdict.Custom ?? []).Where(metric => metric.Required).Select(metric => Safety(verdict, metric))).Min();

    /// <summary>Toward being named as a culprit.</summary>
    public static double Harm(Verdict verdict, CustomEvidence metric) => Level(metric.AdjustedFailEvidence, verdict.FailThreshold);

    /// <summary>Toward being proven harmless; what is proven and not answered any more is none.</summary>
    public static double Safety(Verdict verdict, CustomEvidence metric) =>
        metric.IsProven ? 1 : metric.PassEvidence >= verdict.PassThreshold ? 0 : Level(metric.PassEvidence, verdict.PassThreshold);

    /// <summary>Toward being proven harmless.</summary>
    public static double Safety(Verdict verdict, MetricEvidence metric) => Level(metric.PassEvidence, verdict.PassThreshold);

    private static double Level(double evidence, double threshold) =>
        threshold > 0 && !double.IsNaN(evidence) ? Math.Clamp(evidence / threshold, 0, 1) : 0;
}
