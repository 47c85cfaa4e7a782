using System.Collections.Immutable;
using System.Diagnostics.CodeAnalysis;

namespace MeshCanary.Proxy.Routing;

/// <summary>
/// The table in force. Swapped whole; readers take it once per request. A request may have matched a route just before
/// the route was removed: such a request is still served by it, as if it had come a moment earlier.
/// </summary>
internal sealed class RouteTableHolder(TimeProvider time)
{
    // From matching to looking here takes microseconds; a stalled machine may take seconds.
    private static readonly TimeSpan Afterlife = TimeSpan.FromSeconds(30);

    private RouteTable _current = RouteTable.Empty;
    private ulong _inForce;
    private ImmutableDictionary<string, RetiredRoute> _retired = ImmutableDictionary.Create<string, RetiredRoute>(StringComparer.Ordinal);

    public RouteTable Current => Volatile.Read(ref _current);

    /// <summary>
    /// The newest version whose routes are reached by requests, 0 for none: a first table is there a moment before the
    /// routes that lead to it.
    /// </summary>
    public ulong InForce => Volatile.Read(ref _inForce);

    /// <summary>Finds a route that is in force, or was a moment ago.</summary>
    public bool TryFind(string name, [NotNullWhen(true)] out RouteEntry? entry) =>
        Current.TryFind(name, out entry) || TryFindRetired(name, out entry);

    /// <summary>Puts a table into force. One call at a time.</summary>
    public void Swap(RouteTable table)
    {
        var now = time.GetTimestamp();
        var retired = _retired.RemoveRange(_retired.Where(pair => time.GetElapsedTime(pair.Value.Since, now) > Afterlife).Select(pair => pair.Key));
        foreach (var entry in _current.Entries.Where(entry => !table.TryFind(entry.Name, out _)))
            retired = retired.SetItem(entry.Name, new RetiredRoute(entry, now));

        // First the past, then the present: a route is in one of them at any moment.
        Volatile.Write(ref _retired, retired);
        Volatile.Write(ref _current, table);
    }

    /// <summary>Routes and table of a version are in place.</summary>
    public void Complete(ulong version) => Volatile.Write(ref _inForce, version);

    private bool TryFindRetired(string name, [NotNullWhen(true)] out RouteEntry? entry)
    {
        entry = Volatile.Read(ref _retired).TryGetValue(name, out var retired) ? retired.Entry : null;
        return entry is not null;
    }

    private sealed record RetiredRoute(RouteEntry Entry, long Since);
}
