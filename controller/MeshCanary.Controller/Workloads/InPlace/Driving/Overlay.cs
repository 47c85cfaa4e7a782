using System.Collections.Concurrent;
using System.Globalization;
using k8s;
using k8s.Models;
using MeshCanary.Machinery.Resources;

namespace MeshCanary.Controller.Workloads.InPlace.Driving;

/// <summary>
/// What was just written, until the cache shows it: without it each call would be planned again, and refused. It may be lost at any
/// time. Thread-safe.
/// </summary>
internal sealed class Overlay<T>(TimeProvider time)
    where T : class, IKubernetesObject<V1ObjectMeta>
{
    // A cache that is further behind than this is looked at as it is: what is planned on it is refused, not wrong.
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    private readonly ConcurrentDictionary<ObjectKey, (T Object, bool IsGone, long At)> _written = new();

    /// <summary>An object as a call answered it.</summary>
    public void Put(T written) => _written[ObjectKey.Of(written)] = (written, false, time.GetTimestamp());

    /// <summary>An object that was deleted.</summary>
    public void Remove(T gone) => _written[ObjectKey.Of(gone)] = (gone, true, time.GetTimestamp());

    /// <summary>What there is of an object, given what the cache shows.</summary>
    public T? Over(ObjectKey key, T? cached)
    {
        if (!_written.TryGetValue(key, out var own))
            return cached;
        if (time.GetElapsedTime(own.At) < Patience && !Shows(cached, own.Object, own.IsGone))
            return own.IsGone ? null : own.Object;
        _written.TryRemove(key, out _);
        return cached;
    }

    /// <summary>What there is, given all that the cache shows of a namespace.</summary>
    public IEnumerable<T> Over(string space, IEnumerable<T> cached)
    {
        var all = cached.ToDictionary(ObjectKey.Of, each => each);
        foreach (var key in all.Keys.Concat(_written.Keys.Where(key => key.Namespace == space)).Distinct().ToList())
        {
            if (Over(key, all.GetValueOrDefault(key)) is { } there)
                yield return there;
        }
    }

    private static bool Shows(T? cached, T written, bool isGone)
    {
        if (cached is null)
            return isGone;
        if (cached.Metadata.Uid != written.Metadata.Uid)
            return true;
        return !isGone && Number(cached) >= Number(written);
    }

    // Versions of one object rise; where they are no numbers, the cache is taken at its word.
    private static ulong Number(T of) => ulong.TryParse(of.Metadata.ResourceVersion, CultureInfo.InvariantCulture, out var number) ? number : ulong.MaxValue;
}
