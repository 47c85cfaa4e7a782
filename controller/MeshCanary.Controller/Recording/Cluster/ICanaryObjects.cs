using MeshCanary.Controller.Crds;
using MeshCanary.Controller.Crds.Statuses;
using MeshCanary.Machinery.Calling;
using MeshCanary.Machinery.Resources;

namespace MeshCanary.Controller.Recording.Cluster;

/// <summary>The Canary objects of a cluster, straight from the API server.</summary>
internal interface ICanaryObjects
{
    /// <summary>Reads one; null when there is none.</summary>
    /// <exception cref="ApiException">The call failed.</exception>
    Task<CanaryObject?> ReadAsync(ObjectKey key, CancellationToken cancellation);

    /// <summary>Puts a status in place of the whole of the old one, if the object still has this version.</summary>
    /// <exception cref="ApiException">The call failed: Conflict or Invalid when somebody wrote in between.</exception>
    Task<CanaryObject> WriteStatusAsync(ObjectKey key, string resourceVersion, CanaryStatus status, CancellationToken cancellation);

    /// <summary>Puts our finalizer on the object, or takes it off, if it still has this version.</summary>
    /// <exception cref="ApiException">The call failed.</exception>
    Task<CanaryObject?> SetFinalizerAsync(CanaryObject present, bool wanted, CancellationToken cancellation);
}
