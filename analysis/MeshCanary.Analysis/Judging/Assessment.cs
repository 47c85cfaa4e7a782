using MeshCanary.Analysis.Kayenta;

namespace MeshCanary.Analysis.Judging;

/// <summary>From facts to a verdict.</summary>
internal static class Assessment
{
    public static Verdict Conclude(AssessmentFacts facts, ReadOnlySpan<double> weights, TimeSpan? eta)
    {
        var kind = Kind(facts);
        return new Verdict
        {
            Kind = kind,
            Reason = Speaks(kind, facts) is { } kayenta ? kayenta.Reason : VerdictWording.Reason(kind, facts, eta),
            Caveats = facts.Caveats,
            SuspectEndpoint = kind == VerdictKind.Inconclusive ? facts.Suspect!.Endpoint : null,
            Score = Speaks(kind, facts) is { Score: { } score } ? Math.Clamp(score, 0, 100) : Scoring.Total(kind, facts, weights),
            Labels = [.. (facts.Kayenta?.LastJudgement?.Metrics ?? []).Select(metric => new MetricLabel(metric.Name, metric.Label, metric.Reason, metric.Critical))],
            FailEvidence = facts.FailEvidence,
            HighestFailEvidence = facts.HighestFailEvidence,
            SampleRatioEvidence = facts.SampleRatioEvidence,
            EnvironmentEvidence = facts.EnvironmentEvidence,
            FailThreshold = facts.FailThreshold,
            PassThreshold = facts.PassThreshold,
            Metrics = facts.Metrics,
            Breaches = facts.Breaches,
            Custom = facts.Custom.IsEmpty ? null : facts.Custom,
            CustomBreaches = facts.CustomBreaches.IsEmpty ? null : facts.CustomBreaches,
            Intervals = facts.Intervals,
            CanaryRequests = facts.CanaryRequests,
            StableRequests = facts.StableRequests,
            Traffic = facts.Traffic.Rates,
            Eta = kind == VerdictKind.NotEnoughData && !facts.IsRegressionProven ? eta : null,
        };
    }

    // What a guard, a broken split or too little traffic says comes first, whatever the judge.
    private static KayentaAssessment? Speaks(VerdictKind kind, AssessmentFacts facts) =>
        !facts.IsBreached && kind != VerdictKind.Invalid && facts.HasMinimumRequests && !Waits(facts) ? facts.Kayenta : null;

    // A Pass by Kayenta's rules waits for custom guards as one by the tests does.
    private static bool Waits(AssessmentFacts facts) => facts is { Kayenta.Kind: VerdictKind.Pass, Waiting: not null };

    private static VerdictKind Kind(AssessmentFacts facts)
    {
        if (facts.IsBreached)
            return VerdictKind.Fail;
        if (facts.SplitFault is not null || facts.EnvironmentFault is not null)
            return VerdictKind.Invalid;
        if (!facts.HasMinimumRequests)
            return VerdictKind.NotEnoughData;
        if (facts.Kayenta is { } kayenta)
            return Waits(facts) ? VerdictKind.NotEnoughData : kayenta.Kind;
        if (facts.IsRegressionProven && facts.Intervals < facts.Settings.MinimumIntervals)
            return VerdictKind.NotEnoughData;
        if (facts.IsRegressionProven)
            return facts.Suspect is null ? VerdictKind.Fail : VerdictKind.Inconclusive;
        return facts.IsHarmlessProven ? VerdictKind.Pass : VerdictKind.NotEnoughData;
    }
}
