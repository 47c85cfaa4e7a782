namespace MeshCanary.Architecture.Tests.References;

/// <summary>What one project may reference.</summary>
/// <param name="Projects">Projects of ours.</param>
/// <param name="Packages">Packages, or null where the choice is free.</param>
internal sealed record AllowedReferences(string[] Projects, string[]? Packages = null)
{
    /// <summary>A project with a closed list of packages has no framework but the base library either.</summary>
    public bool IsPure => Packages is not null;
}
