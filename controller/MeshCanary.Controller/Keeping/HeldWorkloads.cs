using System.Text.Json;
using k8s;
using k8s.Models;
using MeshCanary.Controller.Admission.Holding;
using MeshCanary.Controller.Crds;
using MeshCanary.Controller.Workloads.InPlace.Identity;
using MeshCanary.Machinery.Informers;
using MeshCanary.Machinery.Resources;

namespace MeshCanary.Controller.Keeping;

/// <summary>
/// Which Deployments are under a Canary, and what was promoted there last: from the status of the Canary, and the ReplicaSet
/// that the status names. Every replica knows it, since any of them may be asked.
/// </summary>
internal sealed class HeldWorkloads : IHeldWorkloads
{
    private readonly ObjectStore<CanaryObject> _canaries;
    private readonly ObjectIndex<V1Deployment> _byUid;
    private readonly ObjectIndex<V1ReplicaSet> _byRevision;

    public HeldWorkloads(ObjectStore<CanaryObject> canaries, ObjectStore<V1Deployment> deployments, ObjectStore<V1ReplicaSet> sets, string revisionLabel)
    {
        _canaries = canaries;
        _byUid = deployments.AddIndex(deployment => [deployment.Metadata.Uid]);
        _byRevision = sets.AddIndex(set => set.Metadata.Labels?.TryGetValue(revisionLabel, out var revision) == true ? [KeyOf(set.Metadata.NamespaceProperty, revision)] : []);
    }

    /// <inheritdoc/>
    public HeldWorkload? Find(string uid)
    {
        if (_byUid.Find(uid) is not [var deployment, ..]
            || deployment.Metadata.Annotations?.TryGetValue(ApiNames.CanaryAnnotation, out var name) != true
            || !_canaries.TryGet(new ObjectKey(deployment.Metadata.NamespaceProperty, name!), out var canary)
            || canary.Metadata.DeletionTimestamp is not null
            || canary.Status is not { StableRevision: { Length: > 0 } revision })
            return null;
        // The same revision may stand in other workloads of the namespace, with another template.
        var set = _byRevision.Find(KeyOf(deployment.Metadata.NamespaceProperty, revision)).FirstOrDefault(set =>
            set.Metadata.OwnerReferences?.Any(owner => owner.Uid == uid || owner.Uid == canary.Metadata.Uid) == true);
        return set is null ? null : new HeldWorkload(revision, JsonSerializer.Deserialize<JsonElement>(KubernetesJson.Serialize(ConfigCopies.OriginalOf(set))));
    }

    private static string KeyOf(string @namespace, string revision) => $"{@namespace}/{revision}";
}
