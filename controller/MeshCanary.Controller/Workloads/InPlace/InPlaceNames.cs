using MeshCanary.Controller.Crds;

namespace MeshCanary.Controller.Workloads.InPlace;

/// <summary>Names of what is made in a namespace, and of what is written on it.</summary>
internal static class InPlaceNames
{
    /// <summary>
    /// Label on a ReplicaSet or an arm's Service: the revision that it is of. A label, and not an annotation: annotations of a Deployment
    /// and of its ReplicaSets are copied to each other by the Deployment controller and by <c>kubectl rollout undo</c>.
    /// </summary>
    public const string RevisionLabel = $"{ApiNames.Prefix}revision";

    /// <summary>Label on a ReplicaSet: what was in the ConfigMaps and Secrets of its template when it got its name.</summary>
    public const string ConfigLabel = $"{ApiNames.Prefix}config";

    /// <summary>Label on what belongs to a Canary: its name.</summary>
    public const string CanaryLabel = $"{ApiNames.Prefix}canary";

    /// <summary>The label by which the pods of a ReplicaSet are told apart.</summary>
    public const string HashLabel = "pod-template-hash";

    /// <summary>Written by the Deployment controller on ReplicaSets that were, or are, a Deployment's own.</summary>
    public const string HistoryAnnotation = "deployment.kubernetes.io/revision";

    /// <summary>Written by the Deployment controller when it scales; one that says something old keeps a Deployment from ever rolling again.</summary>
    public const string DesiredAnnotation = "deployment.kubernetes.io/desired-replicas";

    /// <summary>As <see cref="DesiredAnnotation"/>.</summary>
    public const string MostAnnotation = "deployment.kubernetes.io/max-replicas";

    /// <summary>What <c>kubectl apply</c> wrote last.</summary>
    public const string LastAppliedAnnotation = "kubectl.kubernetes.io/last-applied-configuration";

    private const int LongestLabel = 63;

    /// <summary>The ReplicaSet of an arm.</summary>
    public static string ReplicaSet(string deployment, string revision) => $"{deployment}-{revision}";

    /// <summary>The Service of an arm.</summary>
    /// <param name="service">The Service that clients call.</param>
    /// <param name="suffix">The revision, or the hash of its pods.</param>
    public static string Service(string service, string suffix)
    {
        var tail = $"-mc-{suffix}";
        var room = Math.Max(1, LongestLabel - tail.Length);
        return (service.Length <= room ? service : service[..room].TrimEnd('-')) + tail;
    }
}
