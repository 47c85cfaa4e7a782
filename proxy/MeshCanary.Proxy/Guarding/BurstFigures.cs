namespace MeshCanary.Proxy.Guarding;

/// <summary>Both arms since the first failure of a burst.</summary>
internal readonly record struct BurstFigures(long CanaryFailures, long CanaryRequests, long StableFailures, long StableRequests)
{
    /// <summary>Whether the canary fails, and stable does not fail alike: what both arms suffer from is not the canary's.</summary>
    public bool IsTheCanarys(double share)
    {
        // A failure is told before its request has ended, so the count of requests may be behind.
        var canary = (double)CanaryFailures / Math.Max(CanaryFailures, CanaryRequests);
        var stable = StableFailures == 0 ? 0 : (double)StableFailures / Math.Max(StableFailures, StableRequests);
        return canary >= share && stable < canary / 2;
    }
}
