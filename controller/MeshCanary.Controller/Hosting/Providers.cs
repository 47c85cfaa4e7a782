using MeshCanary.Controller.Metrics;
using MeshCanary.Controller.Metrics.Templates;
using MeshCanary.Controller.Reconciling;
using MeshCanary.Controller.Traffic;
using MeshCanary.Controller.Workloads;
using MeshCanary.Rollouts.Specs;

namespace MeshCanary.Controller.Hosting;

/// <summary>The providers that there are.</summary>
internal sealed record Providers(ProviderSet<ITrafficRouter> Routers, ProviderSet<IMetricSource> Sources, ProviderSet<IWorkload> Workloads)
{
    /// <summary>Those that a Canary's spec names. A router that counts by itself is the source of its counts.</summary>
    public CanaryPorts For(CanaryManifest canary) => new(
        Routers.Get(canary.Spec.Router, canary.Key),
        Sources.Get(canary.Spec.Router, canary.Key),
        Workloads.Get(canary.Spec.Workload.Kind, canary.Key))
    {
        Custom = Custom,
    };

    /// <summary>Answers to custom metrics; null for none.</summary>
    public CustomSources? Custom { get; init; }
}
