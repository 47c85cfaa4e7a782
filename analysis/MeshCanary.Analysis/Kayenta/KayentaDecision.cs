namespace MeshCanary.Analysis.Kayenta;

/// <summary>How a run of judgements stands.</summary>
/// <param name="IsOver">Whether no further judgement follows.</param>
/// <param name="Passed">Whether the canary passed; null while the run goes on, or when it ended without a verdict.</param>
/// <param name="Reason">Why, in one plain sentence.</param>
public sealed record KayentaDecision(bool IsOver, bool? Passed, string Reason);
