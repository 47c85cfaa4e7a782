using System.Collections.Frozen;

namespace MeshCanary.Proxy.Routing;

/// <summary>The routes of one host by path prefix. Immutable; a match allocates nothing.</summary>
internal sealed class PathIndex
{
    private readonly RouteEntry? _root;
    private readonly FrozenDictionary<string, RouteEntry>.AlternateLookup<ReadOnlySpan<char>> _prefixes;
    private readonly int _deepest;

    /// <param name="routes">Prefixes in their normal form (<see cref="RoutePrefix"/>), each once.</param>
    public PathIndex(IReadOnlyCollection<KeyValuePair<string, RouteEntry>> routes)
    {
        _root = routes.FirstOrDefault(pair => pair.Key == RoutePrefix.Root).Value;
        var longer = routes.Where(pair => pair.Key != RoutePrefix.Root).ToFrozenDictionary(StringComparer.OrdinalIgnoreCase);
        _deepest = longer.Count == 0 ? 0 : longer.Keys.Max(prefix => prefix.AsSpan().Count('/'));
        _prefixes = longer.GetAlternateLookup<ReadOnlySpan<char>>();
    }

    /// <summary>The route with the longest prefix that ends where a segment of the path ends, or null.</summary>
    /// <param name="path">The decoded path; case does not count.</param>
    public RouteEntry? Match(ReadOnlySpan<char> path)
    {
        // No look at the path at all when there is nothing to tell apart.
        if (_deepest == 0)
            return _root;

        for (var end = FirstSegments(path, _deepest); end > 0; end = path[..end].LastIndexOf('/'))
        {
            if (_prefixes.TryGetValue(path[..end], out var found))
                return found;
        }

        return _root;
    }

    // Where the given number of segments ends: nothing longer can be a prefix of a route here.
    private static int FirstSegments(ReadOnlySpan<char> path, int count)
    {
        var end = 0;
        while (count-- > 0 && end < path.Length)
        {
            var next = path[(end + 1)..].IndexOf('/');
            if (next < 0)
                return path.Length;
            end += next + 1;
        }

        return end;
    }
}
