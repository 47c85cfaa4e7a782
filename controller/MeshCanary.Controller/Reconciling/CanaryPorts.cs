using MeshCanary.Controller.Metrics;
using MeshCanary.Controller.Metrics.Templates;
using MeshCanary.Controller.Traffic;
using MeshCanary.Controller.Workloads;

namespace MeshCanary.Controller.Reconciling;

/// <summary>The providers that a Canary's spec names.</summary>
/// <param name="Router">Brings traffic where it should be.</param>
/// <param name="Metrics">Counts.</param>
/// <param name="Workload">Runs the versions.</param>
internal sealed record CanaryPorts(ITrafficRouter Router, IMetricSource Metrics, IWorkload Workload)
{
    /// <summary>Answers to custom metrics; null where nobody asks for them, and a run that requires one holds.</summary>
    public CustomSources? Custom { get; init; }
}
