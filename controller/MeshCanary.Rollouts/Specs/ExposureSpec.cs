namespace MeshCanary.Rollouts.Specs;

/// <summary>What a run may cost at most, over all proxies.</summary>
public sealed record ExposureSpec
{
    /// <summary>Requests that the canary may be given; null for no limit. When they are spent, the analysis has ended.</summary>
    public long? MaxRequests { get; init; }

    /// <summary>Failures that the canary may have; null for no limit. When they are spent, the run fails.</summary>
    public long? MaxFailures { get; init; }
}
