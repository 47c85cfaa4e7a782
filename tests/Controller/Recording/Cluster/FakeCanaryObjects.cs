using System.Globalization;
using System.Net;
using k8s.Models;
using MeshCanary.Controller.Crds;
using MeshCanary.Controller.Crds.Statuses;
using MeshCanary.Controller.Recording.Cluster;
using MeshCanary.Machinery.Calling;
using MeshCanary.Machinery.Resources;

namespace MeshCanary.Controller.Tests.Recording.Cluster;

/// <summary>One Canary object on a server that can be away, and answer too late.</summary>
internal sealed class FakeCanaryObjects : ICanaryObjects
{
    private long _version = 1;

    public FakeCanaryObjects() => Present = new CanaryObject
    {
        Metadata = new V1ObjectMeta { Name = "checkout", NamespaceProperty = "shop", Uid = "u1", ResourceVersion = "1", Generation = 3 },
    };

    public CanaryObject? Present { get; set; }

    /// <summary>The server cannot be reached.</summary>
    public bool IsAway { get; set; }

    /// <summary>The next write is done, and its answer is lost.</summary>
    public bool LosesAnswer { get; set; }

    public int Writes { get; private set; }

    public CanaryObject Seen => Present! with { };

    /// <summary>Somebody else writes.</summary>
    public void Touch(CanaryStatus? status = null) => Present = Next(status ?? Present!.Status);

    public Task<CanaryObject?> ReadAsync(ObjectKey key, CancellationToken cancellation)
    {
        Answer();
        return Task.FromResult(Present is null ? null : Seen);
    }

    public Task<CanaryObject> WriteStatusAsync(ObjectKey key, string resourceVersion, CanaryStatus status, CancellationToken cancellation)
    {
        Answer();
        if (Present is null)
            throw Failure(ApiErrorKind.NotFound);
        if (Present.Metadata.ResourceVersion != resourceVersion)
            throw Failure(ApiErrorKind.Invalid);
        Present = Next(status);
        Writes++;
        if (!LosesAnswer)
            return Task.FromResult(Seen);
        LosesAnswer = false;
        throw Failure(ApiErrorKind.ServerAway);
    }

    public Task<CanaryObject?> SetFinalizerAsync(CanaryObject present, bool wanted, CancellationToken cancellation) => throw new NotSupportedException();

    private static ApiException Failure(ApiErrorKind kind) => new(kind, "patch canaries", kind.ToString()) { Status = HttpStatusCode.InternalServerError };

    private void Answer()
    {
        if (IsAway)
            throw Failure(ApiErrorKind.ServerAway);
    }

    private CanaryObject Next(CanaryStatus? status) => Present! with
    {
        Status = status,
        Metadata = new V1ObjectMeta
        {
            Name = "checkout", NamespaceProperty = "shop", Uid = Present!.Metadata.Uid, Generation = 3, ResourceVersion = (++_version).ToString(CultureInfo.InvariantCulture),
        },
    };
}
