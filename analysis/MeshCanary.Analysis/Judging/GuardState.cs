namespace MeshCanary.Analysis.Judging;

/// <summary>State of one guard.</summary>
/// <param name="BreachedInARow">Intervals in a row beyond the limit.</param>
/// <param name="Breach">What blew it, once it is blown.</param>
public sealed record GuardState(int BreachedInARow, GuardBreach? Breach);
