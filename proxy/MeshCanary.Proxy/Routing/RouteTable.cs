using System.Collections.Immutable;
using System.Diagnostics.CodeAnalysis;
using Microsoft.AspNetCore.Http;

namespace MeshCanary.Proxy.Routing;

/// <summary>All routes of one snapshot. Immutable: it is replaced whole, and a request keeps the entry that it began with.</summary>
internal sealed class RouteTable
{
    private readonly HostIndex _index;
    private readonly Dictionary<string, RouteEntry> _byName;

    public RouteTable(ulong version, ImmutableArray<RouteEntry> entries)
    {
        (Version, Entries) = (version, entries);
        _byName = entries.ToDictionary(entry => entry.Name, StringComparer.Ordinal);
        _index = new HostIndex(entries.SelectMany(entry => entry.Places));
    }

    public static RouteTable Empty { get; } = new(0, []);

    /// <summary>Version of the snapshot, 0 when there is none.</summary>
    public ulong Version { get; }

    public ImmutableArray<RouteEntry> Entries { get; }

    /// <summary>Finds the route of a request, or null.</summary>
    public RouteEntry? Match(HttpRequest request) => Match(request.Host.Value, request.Path.Value);

    /// <summary>Finds the route of a request, or null.</summary>
    /// <param name="host">Its Host, with or without port.</param>
    /// <param name="path">Its decoded path.</param>
    public RouteEntry? Match(ReadOnlySpan<char> host, ReadOnlySpan<char> path) => _index.Match(host, path);

    public bool TryFind(string name, [NotNullWhen(true)] out RouteEntry? entry) => _byName.TryGetValue(name, out entry);
}
