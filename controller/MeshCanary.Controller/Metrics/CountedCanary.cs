using System.Collections.Immutable;
using MeshCanary.Controller.Recording;
using MeshCanary.Controller.Traffic;
using MeshCanary.Controller.Workloads;
using MeshCanary.Rollouts.Revisions;
using MeshCanary.Rollouts.Specs;

namespace MeshCanary.Controller.Metrics;

/// <summary>Whose requests are counted, and by what others tell its revisions apart. Immutable.</summary>
/// <param name="Namespace">Namespace of the Canary.</param>
/// <param name="Name">Name of the Canary.</param>
/// <param name="Source">Where its counts come from.</param>
/// <param name="IsProxied">Whether our own proxies split its traffic.</param>
/// <param name="Revisions">The revisions that may have requests.</param>
/// <param name="Pods">What tells the pods of revisions, by name of the revision; empty where versions are given as addresses.</param>
internal sealed record CountedCanary(
    string Namespace, string Name, SourceSpec Source, bool IsProxied, ImmutableArray<Revision> Revisions, ImmutableDictionary<string, RevisionPods> Pods)
{
    /// <summary>Namespace and name, as routes are called.</summary>
    public string Key => $"{Namespace}/{Name}";

    /// <summary>
    /// The Canary as it is stored, and its pods as they are seen. A run goes on with the source that it began with; where that is
    /// found is what is written now.
    /// </summary>
    public static CountedCanary Of(CanaryRecord record, WorkloadSight workload)
    {
        var (status, written) = (record.Status, record.Manifest.Spec);
        var begun = RunFolding.Wants(status) ? record.Analysis?.Source : null;
        return new CountedCanary(
            record.Manifest.Namespace,
            record.Manifest.Name,
            begun is null || begun.Type == written.Analysis.Source.Type ? written.Analysis.Source : begun,
            written.Router == ProxyTrafficRouter.RouterName,
            [.. new[] { status.Stable, status.Run?.Canary, status.Previous, record.Announced }.OfType<Revision>().Distinct()],
            workload.Pods);
    }

    /// <summary>Names of revisions by what stands for them in labels.</summary>
    public ImmutableSortedDictionary<string, string> Marks(RevisionMark by)
    {
        var marks = ImmutableSortedDictionary.CreateBuilder<string, string>(StringComparer.Ordinal);
        foreach (var revision in Revisions)
        {
            foreach (var mark in Marks(revision, by))
                marks[mark] = revision.Name;
        }

        return marks.ToImmutable();
    }

    private IEnumerable<string> Marks(Revision revision, RevisionMark by) => by switch
    {
        RevisionMark.Name => [revision.Name],
        RevisionMark.Address => revision.Addresses.Select(address => new Uri(address)).Select(address => $"{address.Host}:{address.Port}"),
        RevisionMark.ReplicaSet => Pods.GetValueOrDefault(revision.Name)?.ReplicaSets ?? [],
        _ => Pods.GetValueOrDefault(revision.Name)?.Services ?? [],
    };
}
