using System.Collections.Immutable;

namespace MeshCanary.Rollouts.Revisions;

/// <summary>A version of the workload, pinned: what is analysed under this value is exactly what is promoted. Immutable.</summary>
public sealed record Revision
{
    /// <summary>Its name, unique within the Canary; shown to people and reported with counts.</summary>
    public required string Name { get; init; }

    /// <summary>Absolute http(s) addresses of its endpoints, sorted and distinct, at least one.</summary>
    public required ImmutableArray<string> Addresses { get; init; }

    /// <summary>Same name and same addresses.</summary>
    public bool Equals(Revision? other) =>
        other is not null && Name == other.Name && Addresses.AsSpan().SequenceEqual(other.Addresses.AsSpan());

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(Name, Addresses.Length);
}
