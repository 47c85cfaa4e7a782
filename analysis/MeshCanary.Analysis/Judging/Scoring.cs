namespace MeshCanary.Analysis.Judging;

/// <summary>The 0…100 score of a verdict: 50 without evidence, up with PASS evidence, down with FAIL evidence.</summary>
internal static class Scoring
{
    /// <summary>The least score of a Pass.</summary>
    public const double PassLine = 95;

    /// <summary>50 + 50·min(1, ln⁺E′/ln(1/α_P)) − 50·min(1, ln⁺E/ln(1/α_F)); 0 for a proven regression.</summary>
    public static double Metric(double passEvidence, double adjustedFailEvidence, AnalysisSettings settings)
    {
        var fail = Part(adjustedFailEvidence, settings.FalseRollbackRate);
        return fail >= 1 ? 0 : 50 + (50 * Part(passEvidence, settings.FalsePromotionRate)) - (50 * fail);
    }

    /// <summary>Weighted mean, held on the verdict's own side.</summary>
    public static double Total(VerdictKind kind, AssessmentFacts facts, ReadOnlySpan<double> weights)
    {
        var mean = 0.0;
        for (var m = 0; m < facts.Metrics.Length; m++)
            mean += weights[m] * facts.Metrics[m].Score;
        foreach (var custom in facts.Custom)
            mean += custom.Weight * custom.Score;
        mean = facts.Metrics.IsEmpty ? 50 : Math.Clamp(mean, 0, 100);
        return kind switch
        {
            VerdictKind.Fail => 0,
            VerdictKind.Pass => Math.Max(PassLine, mean),
            VerdictKind.Invalid => 50,
            _ => mean,
        };
    }

    private static double Part(double evidence, double rate) => Math.Clamp(evidence / -Math.Log(rate), 0, 1);
}
