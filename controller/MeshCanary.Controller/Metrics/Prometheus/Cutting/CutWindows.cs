using System.Collections.Immutable;

namespace MeshCanary.Controller.Metrics.Prometheus.Cutting;

/// <summary>What windows became.</summary>
/// <param name="Windows">Each window; null for one in which no counter's increase is known.</param>
/// <param name="Fault">Why they cannot be cut; null when they can.</param>
internal sealed record CutWindows(ImmutableArray<ClosedWindow?> Windows, string? Fault);
