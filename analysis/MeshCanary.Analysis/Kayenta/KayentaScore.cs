using System.Collections.Immutable;

namespace MeshCanary.Analysis.Kayenta;

/// <summary>A summary score before it meets the thresholds.</summary>
/// <param name="Value">0…100; null when the data cannot carry one.</param>
/// <param name="Override">Why the score is not the weighted sum of the groups; null when it is.</param>
/// <param name="Groups">The groups in the order they occur.</param>
internal sealed record KayentaScore(double? Value, string? Override, ImmutableArray<KayentaGroupScore> Groups);
