using System.Collections.Immutable;
using k8s.Models;

namespace MeshCanary.Controller.Workloads.InPlace.Identity;

/// <summary>Which template is which revision.</summary>
/// <param name="sets">All ReplicaSets of the Deployment and of the Canary.</param>
/// <param name="configs">What is known of the contents that templates use.</param>
internal sealed class RevisionCatalog(ImmutableArray<V1ReplicaSet> sets, ConfigContents configs)
{
    /// <summary>Whether any ReplicaSet has a name: whether this workload was adopted.</summary>
    public bool HasNames { get; } = sets.Any(set => Objects.Revision(set) is not null);

    /// <summary>The hash of what a template uses; null while that was not read.</summary>
    public string? ConfigOf(V1PodTemplateSpec template) => configs.HashFor(template);

    /// <summary>
    /// The revision of a template as things are now: the one of a ReplicaSet with the same template, named when the same was in what it
    /// uses, whether its pods read that or copies of it; else a new name. Null while what it uses was not read.
    /// </summary>
    public string? NameOf(V1PodTemplateSpec template)
    {
        if (ConfigOf(template) is not { } config)
            return null;
        var known = sets
            .Where(set => Objects.Revision(set) is not null && Objects.Label(set, InPlaceNames.ConfigLabel) is { } then && ConfigContents.AreSame(then, config))
            .Where(set => TemplateJson.AreSame(ConfigCopies.OriginalOf(set), template))
            .OrderByDescending(Objects.Size)
            .ThenBy(set => set.Metadata.Name, StringComparer.Ordinal)
            .FirstOrDefault();
        return known is null ? CanonicalTemplate.Name(template, config) : Objects.Revision(known);
    }

    /// <summary>The revision of a ReplicaSet: the name that it was given, else the one that its template has.</summary>
    public string? RevisionOf(V1ReplicaSet set) => Objects.Revision(set) ?? NameOf(set.Spec.Template);
}
