using MeshCanary.Controller.Metrics;
using MeshCanary.Controller.Metrics.Templates;
using MeshCanary.Controller.Reconciling;
using MeshCanary.Controller.Traffic;
using MeshCanary.Controller.Workloads;
using MeshCanary.Rollouts.Specs;

namespace MeshCanary.Controller.Hosting;

/// <summary>The providers that there are.</summary>
internal sealed record Providers(ProviderSet<ITrafficRouter> Routers, IMetricSource Sources, ProviderSet<IWorkload> Workloads)
{
    /// <summary>Those that a Canary's spec names; of several sources of counts the one that they ask finds the Canary's own.</summary>
    public CanaryPorts For(CanaryManifest canary) => new(
        Routers.Get(canary.Spec.Router, canary.Key),
        Sources,
        Workloads.Get(canary.Spec.Workload.Kind, canary.Key))
    {
        Custom = Custom,
    };

    /// <summary>Answers to custom metrics; null for none.</summary>
    public CustomSources? Custom { get; init; }
}
