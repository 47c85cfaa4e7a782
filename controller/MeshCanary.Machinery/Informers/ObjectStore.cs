using System.Collections.Concurrent;
using System.Diagnostics.CodeAnalysis;
using k8s;
using k8s.Models;
using MeshCanary.Machinery.Resources;

namespace MeshCanary.Machinery.Informers;

/// <summary>What an informer knows: one object per key. Thread-safe to read. The objects are shared by everybody: never change one.</summary>
public sealed class ObjectStore<T>
    where T : class, IKubernetesObject<V1ObjectMeta>
{
    private readonly ConcurrentDictionary<ObjectKey, T> _objects = new();
    private readonly Lock _gate = new();
    private readonly List<ObjectIndex<T>> _indexes = [];

    internal ObjectStore()
    {
    }

    /// <summary>How many objects there are.</summary>
    public int Count => _objects.Count;

    /// <summary>All keys of one moment, in no order.</summary>
    public IReadOnlyCollection<ObjectKey> Keys => [.. _objects.Keys];

    /// <summary>All objects of one moment, in no order.</summary>
    public IReadOnlyCollection<T> Objects => [.. _objects.Values];

    /// <summary>Looks an object up.</summary>
    /// <param name="key">Where it is.</param>
    /// <param name="found">The object.</param>
    /// <returns>Whether it is there.</returns>
    public bool TryGet(ObjectKey key, [MaybeNullWhen(false)] out T found) => _objects.TryGetValue(key, out found);

    /// <summary>Adds an index over what is there and what will be.</summary>
    /// <param name="values">The values of an object by which it shall be found. Pure; an object at which it throws is not found by it.</param>
    public ObjectIndex<T> AddIndex(Func<T, IEnumerable<string>> values)
    {
        var index = new ObjectIndex<T>(values);
        lock (_gate)
        {
            _indexes.Add(index);
            foreach (var (key, value) in _objects)
                TryPut(index, key, value);
        }

        return index;
    }

    /// <summary>Puts an object in, in place of another of its key.</summary>
    /// <returns>What an index function threw, if one did; the object is in the store all the same.</returns>
    internal Exception? Put(ObjectKey key, T value)
    {
        Exception? fault = null;
        lock (_gate)
        {
            _objects[key] = value;
            foreach (var index in _indexes)
                fault = TryPut(index, key, value) ?? fault;
        }

        return fault;
    }

    internal void Remove(ObjectKey key)
    {
        lock (_gate)
        {
            _objects.TryRemove(key, out _);
            foreach (var index in _indexes)
                index.Remove(key);
        }
    }

    private static Exception? TryPut(ObjectIndex<T> index, ObjectKey key, T value)
    {
        try
        {
            index.Put(key, value);
            return null;
        }
#pragma warning disable CA1031 // Whatever an object makes an index function throw concerns that object only.
        catch (Exception error)
#pragma warning restore CA1031
        {
            return error;
        }
    }
}
