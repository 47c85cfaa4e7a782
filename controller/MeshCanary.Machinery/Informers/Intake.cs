using System.Collections.Concurrent;
using System.Globalization;
using System.Text.Json;
using k8s;
using k8s.Models;
using MeshCanary.Machinery.Faults;
using MeshCanary.Machinery.Resources;

namespace MeshCanary.Machinery.Informers;

/// <summary>
/// Takes objects from lists and watches into the store and tells the handlers what that changed. One writer; subscribers may come from
/// any thread.
/// </summary>
/// <param name="options">How objects are read.</param>
/// <param name="handlerFault">Is told what a handler or an index threw.</param>
internal sealed class Intake<T>(InformerOptions<T> options, Action<Exception> handlerFault)
    where T : class, IKubernetesObject<V1ObjectMeta>
{
    private readonly Lock _gate = new();
    private readonly HandlerSet<T> _handlers = new(handlerFault);
    private readonly ConcurrentDictionary<ObjectKey, UndecodableObject> _undecodable = new();
    private HashSet<ObjectKey>? _listed;
    private bool _anew;

    public ObjectStore<T> Store { get; } = new();

    public ICollection<UndecodableObject> Undecodable => _undecodable.Values;

    /// <summary>Adds a handler and tells it what is there, without a gap or a repetition.</summary>
    public IDisposable Subscribe(IObjectHandler<T> handler)
    {
        lock (_gate)
        {
            foreach (var known in Store.Objects)
                _handlers.Tell(handler, null, known);
            _handlers.Add(handler);
        }

        return new Subscription(() =>
        {
            lock (_gate)
                _handlers.Remove(handler);
        });
    }

    /// <summary>A list begins.</summary>
    /// <param name="anew">Its type is another than before, so that also what did not change has to be read again.</param>
    public void BeginList(bool anew)
    {
        _listed = [];
        _anew = anew;
    }

    /// <summary>An object of the list.</summary>
    public void Listed(JsonElement json, ResourceType type)
    {
        // A list is the truth: versions are not compared, since a restored cluster counts from an older one.
        _listed!.Add(Take(json, type, monotonic: false));
    }

    /// <summary>The list is complete: what it did not name is gone.</summary>
    public void EndList()
    {
        var listed = _listed!;
        _listed = null;
        _anew = false;
        foreach (var key in Store.Keys.Concat(_undecodable.Keys).Where(key => !listed.Contains(key)))
            Remove(key);
    }

    /// <summary>An object was added or changed.</summary>
    public void Changed(JsonElement json, ResourceType type) => Take(json, type, monotonic: true);

    /// <summary>An object was deleted.</summary>
    public void Deleted(JsonElement json)
    {
        var key = KeyOf(json);
        var uid = ObjectJson.TextAt(json, "metadata", "uid");
        // A late word of an earlier object of the name says nothing about the present one.
        if (!Store.TryGet(key, out var known) || uid.Length == 0 || known.Metadata.Uid == uid)
            Remove(key);
    }

    /// <summary>Everything is gone, as when its API is.</summary>
    public void Clear()
    {
        BeginList(anew: true);
        EndList();
    }

    private static ObjectKey KeyOf(JsonElement json) =>
        new(ObjectJson.TextAt(json, "metadata", "namespace"), ObjectJson.TextAt(json, "metadata", "name"));

    private static bool IsOlder(string? version, string? than) =>
        ulong.TryParse(version, NumberStyles.None, CultureInfo.InvariantCulture, out var a)
        && ulong.TryParse(than, NumberStyles.None, CultureInfo.InvariantCulture, out var b) && a < b;

    private ObjectKey Take(JsonElement json, ResourceType type, bool monotonic)
    {
        var key = KeyOf(json);
        var known = Store.TryGet(key, out var found) ? found : null;
        var version = ObjectJson.TextAt(json, "metadata", "resourceVersion");
        var same = known is not null && ObjectJson.TextAt(json, "metadata", "uid") == (known.Metadata.Uid ?? "");
        if (same && !_anew && (version == known!.Metadata.ResourceVersion || (monotonic && IsOlder(version, known.Metadata.ResourceVersion))))
            return key;

        T taken;
        try
        {
            taken = Decode(json, type);
        }
#pragma warning disable CA1031 // Whatever an object makes a decoder throw concerns that object only.
        catch (Exception error)
#pragma warning restore CA1031
        {
            // The last version that could be read stays: an object that is there must not look deleted.
            if (known is not null && !same)
                Remove(key);
            Quarantine(new UndecodableObject(type, key, ObjectJson.TextAt(json, "metadata", "uid"), version, error.Message));
            return key;
        }

        _undecodable.TryRemove(key, out _);
        lock (_gate)
        {
            if (known is not null && !same)
            {
                Store.Remove(key);
                _handlers.Tell(known, null);
                known = null;
            }

            if (Store.Put(key, taken) is { } fault)
                handlerFault(fault);
            _handlers.Tell(known, taken);
        }

        return key;
    }

    private T Decode(JsonElement json, ResourceType type)
    {
        var taken = options.Decode is { } decode ? decode(json, type) : ObjectJson.Decode<T>(json);
        // The items of a list do not repeat what they are.
        if (string.IsNullOrEmpty(taken.Kind))
            (taken.ApiVersion, taken.Kind) = (type.ApiVersion, type.Kind);
        if (options.StripManagedFields)
            taken.Metadata.ManagedFields = null;
        return options.Transform is { } transform ? transform(taken) : taken;
    }

    private void Quarantine(UndecodableObject seen)
    {
        var last = _undecodable.GetValueOrDefault(seen.Key);
        _undecodable[seen.Key] = seen;
        if (last == seen)
            return;
        try
        {
            options.Undecodable?.Invoke(seen);
        }
#pragma warning disable CA1031 // As with handlers.
        catch (Exception error)
#pragma warning restore CA1031
        {
            handlerFault(error);
        }
    }

    private void Remove(ObjectKey key)
    {
        _undecodable.TryRemove(key, out _);
        lock (_gate)
        {
            if (!Store.TryGet(key, out var known))
                return;
            Store.Remove(key);
            _handlers.Tell(known, null);
        }
    }
}
