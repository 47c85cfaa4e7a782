using k8s;
using k8s.Models;

namespace MeshCanary.TestCluster.Following;

/// <summary>Followers of the kinds that the stand-ins need.</summary>
internal static class Followers
{
    /// <summary>Follows pods of all namespaces.</summary>
    /// <param name="client">The API server.</param>
    /// <param name="time">Paces what is tried again.</param>
    public static Follower<V1Pod> Pods(IKubernetes client, TimeProvider time) => new(
        async cancellation =>
        {
            var all = await client.CoreV1.ListPodForAllNamespacesAsync(cancellationToken: cancellation);
            return (all.Items, all.Metadata.ResourceVersion);
        },
        (version, cancellation) => client.CoreV1.WatchListPodForAllNamespacesAsync(
            resourceVersion: version, onError: null!, cancellationToken: cancellation),
        time);

    /// <summary>Follows Services of all namespaces.</summary>
    /// <param name="client">The API server.</param>
    /// <param name="time">Paces what is tried again.</param>
    public static Follower<V1Service> Services(IKubernetes client, TimeProvider time) => new(
        async cancellation =>
        {
            var all = await client.CoreV1.ListServiceForAllNamespacesAsync(cancellationToken: cancellation);
            return (all.Items, all.Metadata.ResourceVersion);
        },
        (version, cancellation) => client.CoreV1.WatchListServiceForAllNamespacesAsync(
            resourceVersion: version, onError: null!, cancellationToken: cancellation),
        time);

    /// <summary>Follows Endpoints of all namespaces: every server serves them, and one object is one consistent set.</summary>
    /// <param name="client">The API server.</param>
    /// <param name="time">Paces what is tried again.</param>
    public static Follower<V1Endpoints> Endpoints(IKubernetes client, TimeProvider time) => new(
        async cancellation =>
        {
            var all = await client.CoreV1.ListEndpointsForAllNamespacesAsync(cancellationToken: cancellation);
            return (all.Items, all.Metadata.ResourceVersion);
        },
        (version, cancellation) => client.CoreV1.WatchListEndpointsForAllNamespacesAsync(
            resourceVersion: version, onError: null!, cancellationToken: cancellation),
        time);
}
