using System.Collections.Immutable;

namespace MeshCanary.Analysis.Kayenta;

/// <summary>The values of one metric so far, one per closed step; null where there is none.</summary>
/// <param name="Metric">The metric's name, to recognise a state that belongs to other settings.</param>
/// <param name="Control">The baseline's values.</param>
/// <param name="Experiment">The canary's values.</param>
public sealed record KayentaSeriesState(string Metric, ImmutableArray<double?> Control, ImmutableArray<double?> Experiment);
