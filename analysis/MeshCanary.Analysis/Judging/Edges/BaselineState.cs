using MeshCanary.Analysis.Samples;

namespace MeshCanary.Analysis.Judging.Edges;

/// <summary>State of the baseline; with the settings it determines edges and priors.</summary>
/// <param name="IsFrozen">Whether it is fixed.</param>
/// <param name="Errors">Failed requests of stable in it.</param>
/// <param name="Latency">Latencies of stable in it.</param>
public sealed record BaselineState(bool IsFrozen, long Errors, LatencyHistogram Latency);
