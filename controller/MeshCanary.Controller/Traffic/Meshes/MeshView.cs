using System.Collections.Immutable;
using MeshCanary.Machinery.Discovering;
using MeshCanary.Machinery.Resources;

namespace MeshCanary.Controller.Traffic.Meshes;

/// <summary>What is seen of a mesh's objects at one moment. Immutable.</summary>
/// <param name="Now">The moment.</param>
/// <param name="Served">The versions that the API server serves of a group and plural, preferred first; empty for a kind that is not installed.</param>
/// <param name="Objects">Objects of the kinds that the dialect asked for, of the Canary's namespace.</param>
internal sealed record MeshView(
    DateTimeOffset Now,
    ImmutableDictionary<(string Group, string Plural), ImmutableArray<string>> Served,
    ImmutableArray<RawObject> Objects)
{
    /// <summary>Looks an object of another namespace up, by kind and place.</summary>
    public Func<string, ObjectKey, RawObject?> Elsewhere { get; init; } = static (_, _) => null;

    /// <summary>Since when objects are seen with the spec that they have, by uid. One that is not in it was seen a moment ago.</summary>
    public ImmutableDictionary<string, DateTimeOffset> Since { get; init; } = ImmutableDictionary<string, DateTimeOffset>.Empty;

    /// <summary>An object by kind and place; null when there is none.</summary>
    public RawObject? Find(string kind, ObjectKey key) =>
        Objects.FirstOrDefault(seen => seen.Kind == kind && ObjectKey.Of(seen) == key) ?? Elsewhere(kind, key);

    /// <summary>The type by which a kind is served; null while it is not installed.</summary>
    public ResourceType? TypeOf(ResourceChoice choice) => choice.Candidates.FirstOrDefault(
        type => Served.TryGetValue((type.Group, type.Plural), out var versions) && versions.Contains(type.Version));
}
