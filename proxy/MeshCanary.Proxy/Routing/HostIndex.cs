using System.Collections.Frozen;
using System.Net;

namespace MeshCanary.Proxy.Routing;

/// <summary>
/// The routes by host: the very name, then <c>*.</c> suffixes from the longest, then any host. A host that has no route
/// for the path leaves the request to the next. Immutable; a match allocates nothing.
/// </summary>
internal sealed class HostIndex
{
    private const string Wildcard = "*.";

    private readonly FrozenDictionary<string, PathIndex>.AlternateLookup<ReadOnlySpan<char>> _names;
    private readonly FrozenDictionary<string, PathIndex>.AlternateLookup<ReadOnlySpan<char>> _suffixes;
    private readonly PathIndex? _any;

    public HostIndex(IEnumerable<RoutePlace> places)
    {
        List<KeyValuePair<string, RouteEntry>> any = [];
        Dictionary<string, List<KeyValuePair<string, RouteEntry>>> names = new(StringComparer.OrdinalIgnoreCase);
        Dictionary<string, List<KeyValuePair<string, RouteEntry>>> suffixes = new(StringComparer.OrdinalIgnoreCase);
        foreach (var (host, prefix, entry) in places)
        {
            var routes = host is null ? any
                : host.StartsWith(Wildcard, StringComparison.Ordinal) ? Of(suffixes, host[Wildcard.Length..])
                : Of(names, AsInRequests(host));
            routes.Add(new(prefix, entry));
        }

        _names = Frozen(names);
        _suffixes = Frozen(suffixes);
        _any = any.Count == 0 ? null : new PathIndex(any);
    }

    /// <summary>The route of a request, or null.</summary>
    /// <param name="host">The Host header, with or without port.</param>
    /// <param name="path">The decoded path.</param>
    public RouteEntry? Match(ReadOnlySpan<char> host, ReadOnlySpan<char> path)
    {
        host = WithoutPort(host);
        if (_names.Dictionary.Count > 0 && _names.TryGetValue(host, out var named) && named.Match(path) is { } found)
            return found;
        return (_suffixes.Dictionary.Count > 0 ? MatchSuffix(host, path) : null) ?? _any?.Match(path);
    }

    private RouteEntry? MatchSuffix(ReadOnlySpan<char> host, ReadOnlySpan<char> path)
    {
        for (var dot = host.IndexOf('.'); dot >= 0; dot = host.IndexOf('.'))
        {
            host = host[(dot + 1)..];
            if (_suffixes.TryGetValue(host, out var paths) && paths.Match(path) is { } found)
                return found;
        }

        return null;
    }

    // An address of IPv6 has colons of its own, and stands in brackets.
    private static ReadOnlySpan<char> WithoutPort(ReadOnlySpan<char> host)
    {
        var colon = host.LastIndexOf(':');
        return colon < 0 || host[(colon + 1)..].Contains(']') ? host : host[..colon];
    }

    private static string AsInRequests(string host) => host.Contains(':') && !host.StartsWith('[') && IPAddress.TryParse(host, out _) ? $"[{host}]" : host;

    private static List<KeyValuePair<string, RouteEntry>> Of(Dictionary<string, List<KeyValuePair<string, RouteEntry>>> hosts, string host)
    {
        if (!hosts.TryGetValue(host, out var routes))
            hosts.Add(host, routes = []);
        return routes;
    }

    private static FrozenDictionary<string, PathIndex>.AlternateLookup<ReadOnlySpan<char>> Frozen(
        Dictionary<string, List<KeyValuePair<string, RouteEntry>>> hosts) =>
        hosts.ToFrozenDictionary(pair => pair.Key, pair => new PathIndex(pair.Value), StringComparer.OrdinalIgnoreCase)
            .GetAlternateLookup<ReadOnlySpan<char>>();
}
