namespace MeshCanary.Analysis.Sequential.Betting;

/// <summary>What a bet is made from: moments of the past values, scaled to [0, 1].</summary>
/// <param name="Count">Values so far.</param>
/// <param name="Sum">Their sum.</param>
/// <param name="Squares">Sum of squared distances from the running mean as it was with each of them.</param>
public sealed record BetState(long Count, double Sum, double Squares);
