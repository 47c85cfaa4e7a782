using System.Collections.Concurrent;
using MeshCanary.Machinery;
using MeshCanary.Machinery.Discovering;
using MeshCanary.Machinery.Informers;
using MeshCanary.Machinery.Resources;

namespace MeshCanary.Controller.Traffic.Meshes;

/// <summary>
/// The objects of one kind of a mesh, from when it is installed on, and since when each has the spec that it has. Thread-safe.
/// </summary>
internal sealed class MeshKind : IObjectHandler<RawObject>
{
    // Whoever installs a mesh while Canaries wait for it need not wait long.
    private static readonly TimeSpan Poll = TimeSpan.FromSeconds(5);

    private readonly ConcurrentDictionary<string, Seen> _seen = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, long> _written = new(StringComparer.Ordinal);
    private readonly Informer<RawObject> _informer;
    private readonly ObjectIndex<RawObject> _byNamespace;
    private readonly Action<string> _changed;
    private readonly TimeProvider _time;

    /// <param name="cluster">The cluster.</param>
    /// <param name="choice">The kind, in the versions that are understood.</param>
    /// <param name="namespace">The one namespace that is followed; null for all.</param>
    /// <param name="changed">Called with the namespace of an object that changed.</param>
    /// <param name="time">The clock.</param>
    public MeshKind(ClusterAccess cluster, ResourceChoice choice, string? @namespace, Action<string> changed, TimeProvider time)
    {
        (_changed, _time) = (changed, time);
        _informer = new Informer<RawObject>(cluster, choice, new InformerOptions<RawObject> { Namespace = @namespace, AbsencePoll = Poll });
        _byNamespace = _informer.Store.AddIndex(seen => [seen.Metadata.NamespaceProperty ?? ""]);
        _informer.Subscribe(this);
    }

    /// <summary>Whether it is known what there is: all of it, or that the kind is not installed.</summary>
    public bool IsKnown => _informer.HasSynced || _informer.State == InformerState.NotServed;

    /// <summary>The type by which it is followed; null while it is not installed.</summary>
    public ResourceType? Served => _informer.Served;

    /// <summary>Follows the kind until it is cancelled.</summary>
    public Task RunAsync(CancellationToken cancellation) => _informer.RunAsync(cancellation);

    /// <summary>The objects of a namespace, in the order of their names.</summary>
    public IEnumerable<RawObject> In(string @namespace) => _byNamespace.Find(@namespace).OrderBy(seen => seen.Metadata.Name, StringComparer.Ordinal);

    /// <summary>An object; null when there is none, or it is of another kind.</summary>
    public RawObject? Find(string kind, ObjectKey key) => _informer.Store.TryGet(key, out var found) && found.Kind == kind ? found : null;

    /// <summary>Since when an object is seen with its present spec; null when it is not seen.</summary>
    public DateTimeOffset? Since(RawObject seen) => _seen.TryGetValue(seen.Metadata.Uid, out var known) ? known.At : null;

    /// <summary>Whether an object is as new as what we have written of it.</summary>
    public bool IsCurrent(RawObject seen) => !_written.TryGetValue(seen.Metadata.Uid, out var generation) || seen.Metadata.Generation is not { } present || present >= generation;

    /// <summary>An object was written by us: what is older says nothing any more.</summary>
    public void Wrote(RawObject written)
    {
        if (written.Metadata.Generation is { } generation)
            _written[written.Metadata.Uid] = generation;
    }

    /// <inheritdoc/>
    public void Added(RawObject added) => Look(added);

    /// <inheritdoc/>
    public void Updated(RawObject before, RawObject after) => Look(after);

    /// <inheritdoc/>
    public void Deleted(RawObject last)
    {
        _seen.TryRemove(last.Metadata.Uid, out _);
        _written.TryRemove(last.Metadata.Uid, out _);
        _changed(last.Metadata.NamespaceProperty ?? "");
    }

    private void Look(RawObject present)
    {
        var now = new Seen(present.Metadata.Generation, _time.GetUtcNow());
        _seen.AddOrUpdate(present.Metadata.Uid, now, (_, known) => known.Generation == now.Generation ? known : now);
        _changed(present.Metadata.NamespaceProperty ?? "");
    }

    private readonly record struct Seen(long? Generation, DateTimeOffset At);
}
