namespace MeshCanary.Analysis.Samples;

/// <summary>A quantile read from a histogram, with the limits of what the buckets can tell.</summary>
/// <param name="Value">The estimate, in the histogram's unit.</param>
/// <param name="Low">The true sample quantile is above this (the lower edge of its bucket)…</param>
/// <param name="High">…and not above this (the upper edge); positive infinity in an overflow bucket.</param>
public readonly record struct QuantileEstimate(double Value, double Low, double High);
