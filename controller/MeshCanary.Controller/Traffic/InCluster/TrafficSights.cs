using System.Collections.Immutable;
using k8s.Models;
using MeshCanary.Controller.Traffic.InCluster.Objects;
using MeshCanary.Controller.Traffic.InCluster.Switching;
using MeshCanary.Rollouts.Deciding;

namespace MeshCanary.Controller.Traffic.InCluster;

/// <summary>What the caches say of one Canary's traffic.</summary>
/// <param name="caches">The caches.</param>
/// <param name="hasArms">Whether a Canary has pods of other versions than its workload's own.</param>
/// <param name="isInForce">Whether all proxies of a Canary have its newest route, and it leads to pods.</param>
internal sealed class TrafficSights(TrafficCaches caches, Func<string, bool> hasArms, Func<string, bool> isInForce)
{
    /// <summary>What a step of the switch rests on.</summary>
    public SwitchView View(ManagedTraffic canary)
    {
        var deployment = caches.Deployment(canary.Proxies);
        return new SwitchView
        {
            Service = caches.Service(canary.Service),
            ProxiesAreReady = IsWhole(deployment),
            RouteIsInForce = isInForce(canary.Owner.Key),
            HasProxies = deployment is not null,
            HasArms = hasArms(canary.Owner.Key),
            Listed = [.. caches.Listed(canary.Service)],
            Proxies = [.. caches.Pods(canary.Owner).Select(pod => pod.Metadata.Name)],
        };
    }

    /// <summary>Names of the proxies that are ready.</summary>
    public IReadOnlyCollection<string> Ready(ManagedTraffic canary) =>
        [.. caches.Pods(canary.Owner).Where(pod => pod.Metadata.DeletionTimestamp is null && IsReady(pod)).Select(pod => pod.Metadata.Name)];

    /// <summary>Whether the Service leads, or has led, to proxies.</summary>
    public bool IsSwitched(ManagedTraffic canary) =>
        caches.Service(canary.Service)?.Metadata.Annotations?.ContainsKey(Crds.ApiNames.OriginalSelectorAnnotation) == true;

    /// <summary>The ports that proxies need. Once there are proxies, what they listen on under a name stays, whatever number a new version has for it.</summary>
    public ProxyPorts Ports(ManagedTraffic canary)
    {
        if (caches.Service(canary.Service) is not { } service)
            return new ProxyPorts([], $"There is no Service {canary.Service.Name}. Make it, or mend spec.service of the Canary.");
        if (caches.Deployment(canary.Workload) is not { } workload)
            return new ProxyPorts([], $"There is no Deployment {canary.Workload.Name}. Make it, or mend spec.workload of the Canary.");
        var pods = caches.Deployment(canary.Proxies)?.Spec.Template.Spec.Containers is [{ Ports: { } known }, ..] && IsSwitched(canary)
            ? new V1PodSpec { Containers = [new V1Container { Ports = [.. known, .. workload.Spec.Template.Spec.Containers.SelectMany(container => container.Ports ?? [])] }] }
            : workload.Spec.Template.Spec;
        return ProxyPorts.Of(service, pods, canary.Manifest.Spec.Service.Ports);
    }

    /// <summary>Where requests go by port; empty where all ports are one.</summary>
    public ImmutableArray<PortEndpoints> Endpoints(ManagedTraffic canary, TrafficPlan plan) =>
        PortAddresses.Of(Ports(canary), plan, revision => caches.Slices(canary.Owner, revision));

    private static bool IsWhole(V1Deployment? deployment) =>
        deployment?.Status is { } status
        && status.ObservedGeneration >= deployment.Metadata.Generation
        && status.AvailableReplicas >= (deployment.Spec.Replicas ?? 1)
        && status.UpdatedReplicas >= (deployment.Spec.Replicas ?? 1);

    private static bool IsReady(V1Pod pod) => pod.Status?.Conditions?.Any(condition => condition is { Type: "Ready", Status: "True" }) == true;
}
