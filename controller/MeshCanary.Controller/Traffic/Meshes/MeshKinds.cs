using System.Collections.Immutable;
using MeshCanary.Machinery;
using MeshCanary.Machinery.Resources;

namespace MeshCanary.Controller.Traffic.Meshes;

/// <summary>The objects of one mesh. They are followed from when somebody first asks on: most clusters have no mesh. Thread-safe.</summary>
internal sealed class MeshKinds
{
    private readonly TaskCompletionSource _wanted = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly ImmutableArray<MeshKind> _kinds;
    private readonly TimeProvider _time;

    /// <param name="dialect">Which kinds.</param>
    /// <param name="cluster">The cluster.</param>
    /// <param name="namespace">The one namespace that is followed; null for all.</param>
    /// <param name="changed">Called with the namespace of an object that changed.</param>
    /// <param name="time">The clock.</param>
    public MeshKinds(IMeshDialect dialect, ClusterAccess cluster, string? @namespace, Action<string> changed, TimeProvider time)
    {
        Dialect = dialect;
        _time = time;
        _kinds = [.. dialect.Kinds.Select(choice => new MeshKind(cluster, choice, @namespace, changed, time))];
    }

    /// <summary>Who understands them.</summary>
    public IMeshDialect Dialect { get; }

    /// <summary>There is a Canary of this mesh.</summary>
    public void Want() => _wanted.TrySetResult();

    /// <summary>Follows them until it is cancelled.</summary>
    public async Task RunAsync(CancellationToken cancellation)
    {
        try
        {
            await _wanted.Task.WaitAsync(cancellation).ConfigureAwait(false);
        }
        catch (OperationCanceledException)
        {
            return;
        }

        await Task.WhenAll(_kinds.Select(kind => kind.RunAsync(cancellation))).ConfigureAwait(false);
    }

    /// <summary>What is seen for a Canary of a namespace; null while what there is, or what we wrote of it, has yet to be seen.</summary>
    public MeshView? Look(string @namespace)
    {
        if (!_kinds.All(kind => kind.IsKnown))
            return null;
        var objects = _kinds.SelectMany(kind => kind.In(@namespace).Select(seen => (Kind: kind, Seen: seen))).ToList();
        if (objects.Any(one => !one.Kind.IsCurrent(one.Seen)))
            return null;
        var served = _kinds.Select(kind => kind.Served).OfType<ResourceType>()
            .ToImmutableDictionary(type => (type.Group, type.Plural), type => ImmutableArray.Create(type.Version));
        return new MeshView(_time.GetUtcNow(), served, [.. objects.Select(one => one.Seen)])
        {
            Elsewhere = (kind, key) => _kinds.Select(one => one.Find(kind, key)).FirstOrDefault(found => found is not null),
            Since = objects.Select(one => (one.Seen.Metadata.Uid, At: one.Kind.Since(one.Seen))).Where(one => one.At is not null)
                .ToImmutableDictionary(one => one.Uid, one => one.At!.Value),
        };
    }

    /// <summary>An object was written by us.</summary>
    public void Wrote(RawObject written, ResourceType type)
    {
        foreach (var kind in _kinds.Where(kind => kind.Served == type))
            kind.Wrote(written);
    }
}
