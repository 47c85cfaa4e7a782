namespace MeshCanary.Analysis.Judging.Custom;

/// <summary>What a custom metric shows so far.</summary>
public sealed record CustomEvidence
{
    /// <summary>Its name.</summary>
    public required string Metric { get; init; }

    /// <summary>Its kind.</summary>
    public required CustomKind Kind { get; init; }

    /// <summary>Whether a Pass waits for it.</summary>
    public required bool Required { get; init; }

    /// <summary>Whether nothing of it stands against a Pass: enough evidence, and the newest question answered.</summary>
    public required bool IsProven { get; init; }

    /// <summary>What is missing to a proof, in plain words; null when nothing is.</summary>
    public string? Missing { get; init; }

    /// <summary>Questions answered, those of the warm-up left out.</summary>
    public required int Answered { get; init; }

    /// <summary>Questions without an answer, those of the warm-up left out.</summary>
    public required int Unanswered { get; init; }

    /// <summary>The canary: mean of its values, the last one of a guard, or its share of events; null before there is any.</summary>
    public double? Canary { get; init; }

    /// <summary>The same of stable.</summary>
    public double? Stable { get; init; }

    /// <summary>Canary minus stable; null without a comparison.</summary>
    public double? Difference { get; init; }

    /// <summary>Lower end of its confidence sequence (95 %, for display); null while unknown.</summary>
    public double? DifferenceLow { get; init; }

    /// <summary>Upper end; null while unknown.</summary>
    public double? DifferenceHigh { get; init; }

    /// <summary>Part of the FAIL evidence over all metrics; 0 for a guard.</summary>
    public double Weight { get; init; }

    /// <summary>ln of the FAIL e-process now; 0 for a guard.</summary>
    public double FailEvidence { get; init; }

    /// <summary>The same after closure over all metrics, at its highest so far.</summary>
    public double AdjustedFailEvidence { get; init; }

    /// <summary>ln of the PASS e-process at its highest; 0 for a guard.</summary>
    public double PassEvidence { get; init; }

    /// <summary>0…100 as in <see cref="Verdict.Score"/>; 50 for a guard.</summary>
    public double Score { get; init; } = 50;
}
