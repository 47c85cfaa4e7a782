using k8s;
using k8s.Models;
using MeshCanary.Machinery.Resources;

namespace MeshCanary.Machinery.Informers;

/// <summary>Finds objects of a store by a value. Thread-safe; what it returns is a copy of one moment.</summary>
public sealed class ObjectIndex<T>
    where T : class, IKubernetesObject<V1ObjectMeta>
{
    private readonly Func<T, IEnumerable<string>> _values;
    private readonly Dictionary<string, Dictionary<ObjectKey, T>> _found = new(StringComparer.Ordinal);
    private readonly Dictionary<ObjectKey, string[]> _places = [];
    private readonly Lock _gate = new();

    internal ObjectIndex(Func<T, IEnumerable<string>> values) => _values = values;

    /// <summary>The objects that have a value, in no order.</summary>
    /// <param name="value">The value.</param>
    public IReadOnlyList<T> Find(string value)
    {
        lock (_gate)
            return _found.TryGetValue(value, out var objects) ? [.. objects.Values] : [];
    }

    internal void Put(ObjectKey key, T value)
    {
        // Outside of the lock and before anything changes: the function is the user's and may throw.
        string[] values;
        try
        {
            values = [.. _values(value).Distinct(StringComparer.Ordinal)];
        }
        catch
        {
            Remove(key);
            throw;
        }

        lock (_gate)
        {
            Take(key);
            foreach (var each in values)
            {
                if (!_found.TryGetValue(each, out var objects))
                    _found[each] = objects = [];
                objects[key] = value;
            }

            if (values.Length > 0)
                _places[key] = values;
        }
    }

    internal void Remove(ObjectKey key)
    {
        lock (_gate)
            Take(key);
    }

    private void Take(ObjectKey key)
    {
        if (!_places.Remove(key, out var values))
            return;
        foreach (var value in values)
        {
            var objects = _found[value];
            objects.Remove(key);
            if (objects.Count == 0)
                _found.Remove(value);
        }
    }
}
