using System.Collections.Immutable;

namespace MeshCanary.Rollouts.Specs;

/// <summary>Changes of headers: removed first, then set, then added.</summary>
public sealed record HeaderChangesSpec
{
    /// <summary>Take the place of what is there.</summary>
    public ImmutableArray<HeaderSpec> Set { get; init; } = [];

    /// <summary>Are added to what is there.</summary>
    public ImmutableArray<HeaderSpec> Add { get; init; } = [];

    /// <summary>Names that are taken away.</summary>
    public ImmutableArray<string> Remove { get; init; } = [];
}
