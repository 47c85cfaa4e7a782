using System.Collections.Immutable;

namespace MeshCanary.Rollouts.Specs.Parsing;

/// <summary>What was read from a file.</summary>
/// <param name="Manifests">The valid Canaries; when there are errors, those documents that have none.</param>
/// <param name="Errors">Every fault found, in the order of the file.</param>
public sealed record ManifestReadResult(ImmutableArray<CanaryManifest> Manifests, ImmutableArray<ManifestError> Errors)
{
    /// <summary>The valid metric templates.</summary>
    public ImmutableArray<NamedMetricTemplate> Templates { get; init; } = [];

    /// <summary>Whether there is no error.</summary>
    public bool IsValid => Errors.IsEmpty;
}
