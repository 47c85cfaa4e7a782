namespace MeshCanary.Rollouts.Specs;

/// <summary>One <c>Canary</c> object as a user wrote it, defaults filled in and valid.</summary>
public sealed record CanaryManifest
{
    /// <summary>Name of the Canary.</summary>
    public required string Name { get; init; }

    /// <summary>Its namespace.</summary>
    public string Namespace { get; init; } = "default";

    /// <summary>What it asks for.</summary>
    public required CanarySpec Spec { get; init; }

    /// <summary><c>namespace/name</c>: the key everywhere.</summary>
    public string Key => $"{Namespace}/{Name}";
}
