namespace MeshCanary.Testing.Load;

/// <summary>The answers of one version.</summary>
/// <param name="Succeeded">Answers with a status below 400.</param>
/// <param name="Failed">All other answers.</param>
public sealed record VersionCounts(long Succeeded, long Failed)
{
    /// <summary>No answers.</summary>
    public static VersionCounts None { get; } = new(0, 0);

    /// <summary>All answers.</summary>
    public long Answered => Succeeded + Failed;
}
