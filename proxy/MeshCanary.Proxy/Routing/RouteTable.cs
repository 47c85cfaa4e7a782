using System.Collections.Frozen;
using System.Diagnostics.CodeAnalysis;

namespace MeshCanary.Proxy.Routing;

/// <summary>All routes of one snapshot, by name.</summary>
internal sealed class RouteTable(ulong version, IEnumerable<RouteEntry> entries)
{
    private readonly FrozenDictionary<string, RouteEntry> _entries = entries.ToFrozenDictionary(entry => entry.Name, StringComparer.Ordinal);

    public static RouteTable Empty { get; } = new(0, []);

    /// <summary>Version of the snapshot, 0 when there is none.</summary>
    public ulong Version { get; } = version;

    public IReadOnlyList<RouteEntry> Entries => _entries.Values;

    public bool TryFind(string name, [NotNullWhen(true)] out RouteEntry? entry) => _entries.TryGetValue(name, out entry);
}
