using MeshCanary.Splitting.Weights;

namespace MeshCanary.Rollouts.Specs;

/// <summary>Copies of what stable serves, sent to the canary while it has weight. Their answers reach nobody and are not judged.</summary>
public sealed record MirrorSpec
{
    /// <summary>Share of stable's requests.</summary>
    public required BasisPoints Share { get; init; }

    /// <summary>Copies on their way at a time, from one proxy.</summary>
    public int MaxConcurrent { get; init; } = 64;

    /// <summary>Longest request body that is copied, in bytes.</summary>
    public int MaxBody { get; init; } = 64 * 1024;

    /// <summary>Longest time of one copy.</summary>
    public TimeSpan Timeout { get; init; } = TimeSpan.FromSeconds(10);
}
