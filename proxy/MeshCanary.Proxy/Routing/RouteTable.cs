using System.Collections.Frozen;
using System.Collections.Immutable;
using System.Diagnostics.CodeAnalysis;
using Microsoft.AspNetCore.Http;

namespace MeshCanary.Proxy.Routing;

/// <summary>All routes of one snapshot. Immutable: it is replaced whole, and a request keeps the entry that it began with.</summary>
internal sealed class RouteTable
{
    private readonly HostIndex _index;
    private readonly FrozenDictionary<int, HostIndex> _ports;
    private readonly Dictionary<string, RouteEntry> _byName;
    private readonly Dictionary<(string Name, int Port), RouteEntry> _byPort;

    public RouteTable(ulong version, ImmutableArray<RouteEntry> entries)
    {
        (Version, Entries) = (version, entries);
        _byName = entries.DistinctBy(entry => entry.Name).ToDictionary(entry => entry.Name, StringComparer.Ordinal);
        _byPort = entries.ToDictionary(entry => (entry.Name, entry.Port));
        _index = new HostIndex(entries.Where(entry => entry.Port == 0).SelectMany(entry => entry.Places));
        _ports = entries.Where(entry => entry.Port != 0).GroupBy(entry => entry.Port)
            .ToFrozenDictionary(group => group.Key, group => new HostIndex(group.SelectMany(entry => entry.Places)));
    }

    public static RouteTable Empty { get; } = new(0, []);

    /// <summary>Version of the snapshot, 0 when there is none.</summary>
    public ulong Version { get; }

    public ImmutableArray<RouteEntry> Entries { get; }

    /// <summary>Finds the route of a request, or null.</summary>
    // The port is looked up only where some route asks for it.
    public RouteEntry? Match(HttpRequest request) =>
        Match(request.Host.Value, request.Path.Value, _ports.Count == 0 ? 0 : request.HttpContext.Connection.LocalPort);

    /// <summary>Finds the route of a request, or null: one of its port before one of any.</summary>
    /// <param name="host">Its Host, with or without port.</param>
    /// <param name="path">Its decoded path.</param>
    /// <param name="port">The proxy's port that it came by.</param>
    public RouteEntry? Match(ReadOnlySpan<char> host, ReadOnlySpan<char> path, int port = 0) =>
        (_ports.Count != 0 && _ports.TryGetValue(port, out var own) ? own.Match(host, path) : null) ?? _index.Match(host, path);

    /// <summary>A route of a name; where there are several, one for each port, they agree in all but their endpoints.</summary>
    public bool TryFind(string name, [NotNullWhen(true)] out RouteEntry? entry) => _byName.TryGetValue(name, out entry);

    /// <summary>The route of a name and port.</summary>
    public bool TryFind(string name, int port, [NotNullWhen(true)] out RouteEntry? entry) => _byPort.TryGetValue((name, port), out entry);
}
