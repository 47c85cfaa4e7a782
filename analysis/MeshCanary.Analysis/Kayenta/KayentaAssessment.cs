using MeshCanary.Analysis.Judging;

namespace MeshCanary.Analysis.Kayenta;

/// <summary>How Kayenta mode stands: what a verdict needs.</summary>
public sealed record KayentaAssessment
{
    /// <summary>
    /// Pass or Fail once the run is decided. NotEnoughData before, and at the end of a run whose last judgement has no
    /// verdict: then <see cref="NextJudgement"/> is null.
    /// </summary>
    public required VerdictKind Kind { get; init; }

    /// <summary>Why, in plain sentences with numbers.</summary>
    public required string Reason { get; init; }

    /// <summary>Score of the last judgement, 0…100; null before the first, and when it has no verdict.</summary>
    public double? Score => LastJudgement?.Score;

    /// <summary>The last judgement, with the label of every metric; null before the first.</summary>
    public required KayentaJudgement? LastJudgement { get; init; }

    /// <summary>Judgements made.</summary>
    public required int Made { get; init; }

    /// <summary>Judgements planned.</summary>
    public required int Planned { get; init; }

    /// <summary>When the next judgement has all its data (UTC); null before the first interval and when none follows.</summary>
    public required DateTimeOffset? NextJudgement { get; init; }
}
