using System.Collections.Immutable;
using MeshCanary.Controller.Metrics;
using MeshCanary.Rollouts.Deciding;

namespace MeshCanary.Controller.Reconciling;

/// <summary>What one reconcile sees of the world.</summary>
/// <param name="Reading">The counts.</param>
/// <param name="Traffic">The router's report.</param>
/// <param name="Ready">Ready endpoints by revision.</param>
internal sealed record Sight(MetricReading Reading, TrafficObservation Traffic, ImmutableDictionary<string, int> Ready);
