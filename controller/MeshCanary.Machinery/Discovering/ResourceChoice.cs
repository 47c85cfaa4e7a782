using MeshCanary.Machinery.Resources;

namespace MeshCanary.Machinery.Discovering;

/// <summary>Types that serve the same purpose, the best first: the first one that is served is used.</summary>
/// <param name="Candidates">The types, at least one.</param>
public sealed record ResourceChoice(params IReadOnlyList<ResourceType> Candidates)
{
    /// <summary>Where ready endpoints of a Service are read.</summary>
    public static ResourceChoice Endpoints { get; } = new(
        new ResourceType("discovery.k8s.io", "v1", "endpointslices", "EndpointSlice"),
        new ResourceType("discovery.k8s.io", "v1beta1", "endpointslices", "EndpointSlice"),
        new ResourceType("", "v1", "endpoints", "Endpoints"));

    /// <summary>Scalers of workloads.</summary>
    public static ResourceChoice Autoscalers { get; } = Versions("autoscaling", "horizontalpodautoscalers", "HorizontalPodAutoscaler", "v2", "v2beta2", "v1");

    /// <summary>Disruption budgets.</summary>
    public static ResourceChoice DisruptionBudgets { get; } = Versions("policy", "poddisruptionbudgets", "PodDisruptionBudget", "v1", "v1beta1");

    /// <summary>Istio's routes.</summary>
    public static ResourceChoice VirtualServices { get; } = Versions("networking.istio.io", "virtualservices", "VirtualService", "v1", "v1beta1");

    /// <summary>Istio's rules for destinations.</summary>
    public static ResourceChoice DestinationRules { get; } = Versions("networking.istio.io", "destinationrules", "DestinationRule", "v1", "v1beta1");

    /// <summary>Kubernetes Events.</summary>
    public static ResourceChoice Events { get; } = new(
        new ResourceType("events.k8s.io", "v1", "events", "Event"),
        new ResourceType("", "v1", "events", "Event"));

    /// <summary>The name under which the choice is known in metrics and logs: the best candidate's plural and group.</summary>
    public string Name => Candidates[0].Group.Length == 0 ? Candidates[0].Plural : $"{Candidates[0].Plural}.{Candidates[0].Group}";

    /// <summary>One type without an alternative.</summary>
    /// <param name="type">The type.</param>
    public static implicit operator ResourceChoice(ResourceType type) => new(type);

    /// <summary>One type in several versions, the best first.</summary>
    /// <param name="group">The group.</param>
    /// <param name="plural">The plural.</param>
    /// <param name="kind">The kind.</param>
    /// <param name="versions">The versions.</param>
    public static ResourceChoice Versions(string group, string plural, string kind, params ReadOnlySpan<string> versions)
    {
        var candidates = new ResourceType[versions.Length];
        for (var i = 0; i < versions.Length; i++)
            candidates[i] = new ResourceType(group, versions[i], plural, kind);
        return new ResourceChoice(candidates);
    }
}
