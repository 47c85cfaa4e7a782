using System.Collections.Immutable;
using MeshCanary.Controller.Metrics;
using MeshCanary.Controller.Traffic;
using MeshCanary.Controller.Workloads;
using MeshCanary.Rollouts.Deciding;

namespace MeshCanary.Controller.Reconciling;

/// <summary>What one reconcile sees of the world.</summary>
/// <param name="Reading">The counts.</param>
/// <param name="Routing">The router's report.</param>
/// <param name="Workload">The versions and their endpoints.</param>
internal sealed record Sight(MetricReading Reading, TrafficSight Routing, WorkloadSight Workload)
{
    /// <summary>Ready endpoints by revision.</summary>
    public ImmutableDictionary<string, int> Ready => Workload.Ready;

    /// <summary>How far the newest plan is in force.</summary>
    public TrafficObservation Traffic => Routing.Traffic;

    /// <summary>Instances of the connected proxies.</summary>
    public ImmutableArray<string> Connected => [.. Routing.Proxies.Where(proxy => proxy.Connected).Select(proxy => proxy.InstanceId)];
}
