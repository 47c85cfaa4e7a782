namespace MeshCanary.Analysis.Judging.Custom;

/// <summary>State of a custom guard.</summary>
/// <param name="BeyondInARow">Readings in a row beyond a limit.</param>
/// <param name="WithinInARow">Readings in a row within them.</param>
/// <param name="Canary">The canary's last value.</param>
/// <param name="Stable">Stable's last value.</param>
/// <param name="Breach">What broke it, once it is broken.</param>
public sealed record CustomGuardState(int BeyondInARow, int WithinInARow, double? Canary, double? Stable, CustomBreach? Breach);
