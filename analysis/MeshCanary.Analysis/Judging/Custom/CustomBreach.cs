namespace MeshCanary.Analysis.Judging.Custom;

/// <summary>A custom guard that was broken.</summary>
/// <param name="Metric">The metric.</param>
/// <param name="Arm"><c>canary</c> or <c>stable</c>: whose value it was.</param>
/// <param name="Observed">The value of the last reading.</param>
/// <param name="Limit">The limit that it is beyond.</param>
/// <param name="IsAbove">Whether it is above the limit, and not below.</param>
/// <param name="Readings">Readings in a row.</param>
public sealed record CustomBreach(string Metric, string Arm, double Observed, double Limit, bool IsAbove, int Readings);
