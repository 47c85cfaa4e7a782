using System.Collections.Immutable;

namespace MeshCanary.Analysis.Judging.Custom;

/// <summary>What stable's distribution looked like before the test.</summary>
/// <param name="IsFrozen">Whether edges are fixed.</param>
/// <param name="Boundaries">Upper boundaries; empty before the first answer.</param>
/// <param name="Cumulative">Stable's observations at or below each boundary, and all of them.</param>
public sealed record BucketState(bool IsFrozen, ImmutableArray<double> Boundaries, ImmutableArray<long> Cumulative);
