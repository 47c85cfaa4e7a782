using System.Collections.Concurrent;
using MeshCanary.Machinery.Resources;

namespace MeshCanary.Machinery.Discovering;

/// <summary>
/// What a server says that it serves, at one moment. Versions are known at once; the resources of a version at once from a server
/// that tells all in one answer, else when they are first asked for. Thread-safe.
/// </summary>
internal sealed class ServedApis(long readAt)
{
    private readonly Dictionary<string, IReadOnlySet<string>?> _versions = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, IReadOnlySet<string>> _later = new(StringComparer.Ordinal);

    /// <summary>When it was read, as a timestamp.</summary>
    public long ReadAt { get; } = readAt;

    /// <summary>Notes a version while this is built.</summary>
    /// <param name="apiVersion"><c>group/version</c>.</param>
    /// <param name="plurals">Its resources, or null when they were not told.</param>
    public void Add(string apiVersion, IReadOnlySet<string>? plurals) => _versions[apiVersion] = plurals;

    /// <summary>Notes the resources of a version that were read later.</summary>
    public void Learn(string apiVersion, IReadOnlySet<string> plurals) => _later[apiVersion] = plurals;

    /// <summary>Whether a type is served; null when its version is, and its resources have yet to be asked for.</summary>
    public bool? Serves(ResourceType type)
    {
        if (!_versions.TryGetValue(type.ApiVersion, out var plurals))
            return false;
        return (plurals ?? _later.GetValueOrDefault(type.ApiVersion))?.Contains(type.Plural);
    }
}
