namespace MeshCanary.Analysis.Hypotheses;

/// <summary>Measured values of both arms, in any order. Taken as they are: a test says what it does with NaN or infinity.</summary>
/// <param name="Canary">Values of the canary.</param>
/// <param name="Stable">Values of stable, or of the baseline arm.</param>
public sealed record TwoSamples(ReadOnlyMemory<double> Canary, ReadOnlyMemory<double> Stable);
