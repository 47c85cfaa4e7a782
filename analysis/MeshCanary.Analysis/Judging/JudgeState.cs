namespace MeshCanary.Analysis.Judging;

/// <summary>State of a <see cref="CanaryJudge"/>: kept with the run, so that a restart keeps the error budget.</summary>
public sealed record JudgeState;
