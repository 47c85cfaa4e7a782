namespace MeshCanary.TestCluster.Images;

/// <summary>What a container of an image runs: a program of this machine.</summary>
public sealed record Image
{
    /// <summary>The program and its first arguments, which a container's <c>command</c> replaces.</summary>
    public required IReadOnlyList<string> Entrypoint { get; init; }

    /// <summary>The arguments after it, which a container's <c>args</c> or <c>command</c> replaces.</summary>
    public IReadOnlyList<string> Arguments { get; init; } = [];

    /// <summary>Variables below those of the container.</summary>
    public IReadOnlyDictionary<string, string> Environment { get; init; } = new Dictionary<string, string>();

    /// <summary>Folders that the container sees, at the same place, beside the machine's programs.</summary>
    public IReadOnlyList<string> Folders { get; init; } = [];
}
