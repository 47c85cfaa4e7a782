using System.Collections.Immutable;
using MeshCanary.Machinery.Resources;

namespace MeshCanary.Controller.Traffic.Meshes;

/// <summary>What is seen of a mesh's objects at one moment. Immutable.</summary>
/// <param name="Now">The moment.</param>
/// <param name="Served">The versions that the API server serves of a group and plural, preferred first; empty for a kind that is not installed.</param>
/// <param name="Objects">Objects of the kinds that the dialect asked for, of all namespaces that it may look at.</param>
internal sealed record MeshView(
    DateTimeOffset Now,
    ImmutableDictionary<(string Group, string Plural), ImmutableArray<string>> Served,
    ImmutableArray<RawObject> Objects)
{
    /// <summary>An object by kind and place; null when there is none.</summary>
    public RawObject? Find(string kind, ObjectKey key) =>
        Objects.FirstOrDefault(seen => seen.Kind == kind && ObjectKey.Of(seen) == key);
}
