using System.Collections.Immutable;

namespace MeshCanary.Analysis.Judging.Streams;

/// <summary>State of the evidence over all metrics.</summary>
/// <param name="Highest">Highest ln of the averaged FAIL e-process so far.</param>
/// <param name="Adjusted">Highest closure-adjusted evidence so far, per metric.</param>
public sealed record GlobalState(double Highest, ImmutableArray<double> Adjusted);
