using System.Collections.Immutable;

namespace MeshCanary.Analysis.Kayenta;

/// <summary>Pairs made of the series of both arms, or why none could be made.</summary>
/// <param name="Pairs">The pairs in the order of the configuration; empty with a problem.</param>
/// <param name="Problem">Why the series cannot be paired, in one plain sentence; null when they can.</param>
public sealed record KayentaAssembly(ImmutableArray<KayentaPair> Pairs, string? Problem);
