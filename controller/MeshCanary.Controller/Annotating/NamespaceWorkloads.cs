using k8s.Models;

namespace MeshCanary.Controller.Annotating;

/// <summary>The workloads of a namespace.</summary>
internal sealed record NamespaceWorkloads
{
    public IReadOnlyCollection<V1Deployment> Deployments { get; init; } = [];

    public IReadOnlyCollection<V1StatefulSet> StatefulSets { get; init; } = [];

    public IReadOnlyCollection<V1DaemonSet> DaemonSets { get; init; } = [];

    /// <summary>Kind and name of every workload whose pods a selector finds, in order.</summary>
    public IEnumerable<(string Kind, string Name)> Selected(IDictionary<string, string> selector) =>
        Deployments.Where(one => Matches(selector, one.Spec?.Template)).Select(one => ("Deployment", one.Metadata.Name))
            .Concat(StatefulSets.Where(one => Matches(selector, one.Spec?.Template)).Select(one => ("StatefulSet", one.Metadata.Name)))
            .Concat(DaemonSets.Where(one => Matches(selector, one.Spec?.Template)).Select(one => ("DaemonSet", one.Metadata.Name)))
            .OrderBy(one => one.Item1, StringComparer.Ordinal)
            .ThenBy(one => one.Item2, StringComparer.Ordinal);

    /// <summary>Whether pods of a template have every label of a selector.</summary>
    public static bool Matches(IDictionary<string, string> selector, V1PodTemplateSpec? template) =>
        template?.Metadata?.Labels is { } labels && selector.All(pair => labels.TryGetValue(pair.Key, out var value) && value == pair.Value);
}
