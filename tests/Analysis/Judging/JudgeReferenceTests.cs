using MeshCanary.Analysis.Judging;
using MeshCanary.Analysis.Tests.Reference;
using MeshCanary.Analysis.Tests.Simulation;

namespace MeshCanary.Analysis.Tests.Judging;

/// <summary>The engine traces once more, through the judge's front door: the warm-up gives the prior of 0.5 %.</summary>
public sealed class JudgeReferenceTests
{
    private static readonly AnalysisSettings ErrorsOnly = Traffic.Independent with { LatencyPercentiles = [] };

    [Fact]
    public void Judge_StrictTrace_Agrees() => FailAgrees("SQ08a-strict", ErrorsOnly with { ErrorToleranceAbsolute = 0, ErrorToleranceRelative = 0, PlannedIntervals = 1 });

    [Fact]
    public void Judge_MarginTrace_Agrees() => FailAgrees("SQ08c-margin", ErrorsOnly with { ErrorToleranceAbsolute = 0.0005, ErrorToleranceRelative = 0.1, PlannedIntervals = 360 });

    [Fact]
    public void Judge_PromoteTrace_Agrees()
    {
        // This trace rises all the way, so that the highest so far, which is shown, is the present.
        var reference = ReferenceCases.Get("SQ08g-promote");
        reference.Agrees("log_e", Trace(reference, ErrorsOnly with { ErrorHarmAbsolute = 0.005 }).Select(metric => metric.PassEvidence));
    }

    private static void FailAgrees(string id, AnalysisSettings settings)
    {
        var reference = ReferenceCases.Get(id);
        var trace = Trace(reference, settings);
        reference.Agrees("log_e", trace.Select(metric => metric.FailEvidence));
        reference.Agrees("anytime_p", trace.Select(metric => metric.AnytimeP));
    }

    private static List<MetricEvidence> Trace(ReferenceCase reference, AnalysisSettings settings)
    {
        var judge = new CanaryJudge(settings);
        judge.Warm(Traffic.Interval(0, Traffic.Arm(5, 995), Traffic.Arm(5, 995)));
        var trace = new List<MetricEvidence>();
        foreach (var block in reference.Inputs.GetProperty("intervals_nc_xc_nb_xb").EnumerateArray().Select(ReferenceCase.Counts))
        {
            judge.Observe(Traffic.Interval(trace.Count + 1, Traffic.Arm(block[3], block[2] - block[3]), Traffic.Arm(block[1], block[0] - block[1])));
            trace.Add(judge.Assess().Metrics.Single());
        }

        return trace;
    }
}
