namespace MeshCanary.Analysis.Hypotheses.Ranks;

/// <summary>Hodges and Lehmann's estimate of by how much the canary is shifted, in the unit of the values. Immutable.</summary>
/// <param name="Value">Median of all differences canary − stable.</param>
/// <param name="Low">Lower end; negative infinity when <paramref name="Basis"/> is <see cref="IntervalBasis.Unattainable"/>.</param>
/// <param name="High">Upper end; positive infinity when <paramref name="Basis"/> is <see cref="IntervalBasis.Unattainable"/>.</param>
/// <param name="Confidence">Asked level, inside (0, 1); an exact interval covers with at least this probability.</param>
/// <param name="Basis">How the ends were found.</param>
public readonly record struct ShiftEstimate(double Value, double Low, double High, double Confidence, IntervalBasis Basis);
