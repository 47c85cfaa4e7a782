namespace MeshCanary.Rollouts.Deciding;

/// <summary>Deadlines that no spec sets.</summary>
public static class HoldLimits
{
    /// <summary>
    /// Longest pause by a person, hold on failure, or hold without a verdict: long enough for the next working day, short
    /// enough that a forgotten canary does not serve for ever. Then the run is ended and traffic returns to stable.
    /// </summary>
    public static TimeSpan Person { get; } = TimeSpan.FromHours(24);

    /// <summary>Longest wait of a removal for proxies to acknowledge, while no proxy is connected.</summary>
    public static TimeSpan Removal { get; } = TimeSpan.FromMinutes(10);

    /// <summary>The same where the proxies are the Canary's own pods, and none of them is ready: their namespace may be going.</summary>
    public static TimeSpan RemovalOfPods { get; } = TimeSpan.FromSeconds(15);
}
