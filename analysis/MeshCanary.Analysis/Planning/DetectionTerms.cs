using MeshCanary.Analysis.Judging;
using MeshCanary.Analysis.Judging.Noise;
using MeshCanary.Analysis.Judging.Streams;
using MeshCanary.Analysis.Sequential;

namespace MeshCanary.Analysis.Planning;

/// <summary>What a FAIL process has to overcome before it rolls back on one metric alone.</summary>
/// <param name="FalseRollbackRate">α of the run.</param>
/// <param name="MetricWeight">Weight v of the metric in the average.</param>
/// <param name="GridWeight">Weight w of the odds ratio that fits best.</param>
/// <param name="StartPrior">Prior π of the start.</param>
/// <param name="Overdispersion">φ of the metric.</param>
public readonly record struct DetectionTerms(double FalseRollbackRate, double MetricWeight, double GridWeight, double StartPrior, double Overdispersion)
{
    /// <summary>L = ln(1/(α·v·w·π)): the log likelihood ratio needed.</summary>
    public double LogEvidence => -Math.Log(FalseRollbackRate * MetricWeight * GridWeight * StartPrior);

    /// <summary>The terms of the error metric under some settings; φ is the one that a run begins with.</summary>
    public static DetectionTerms ForErrors(AnalysisSettings settings)
    {
        ArgumentNullException.ThrowIfNull(settings);
        return new(settings.FalseRollbackRate, GlobalEvidence.WeightsFor(settings).Own[0], OddsGrid.Weight, ComparedMetric.FirstStart, MetricNoise.AtStart(settings, MetricNames.Errors));
    }

    /// <summary>The terms of the metric of one latency percentile under some settings; φ is the one that a run begins with.</summary>
    public static DetectionTerms ForLatency(AnalysisSettings settings, double percentile)
    {
        ArgumentNullException.ThrowIfNull(settings);
        return new(settings.FalseRollbackRate, GlobalEvidence.WeightsFor(settings).Own[^1], OddsGrid.Weight, ComparedMetric.FirstStart, MetricNoise.AtStart(settings, MetricNames.Latency(percentile)));
    }
}
