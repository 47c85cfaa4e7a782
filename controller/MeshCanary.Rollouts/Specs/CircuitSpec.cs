namespace MeshCanary.Rollouts.Specs;

/// <summary>When a proxy by itself takes the canary out: a burst of failures that stable does not share.</summary>
public sealed record CircuitSpec
{
    /// <summary>Failures within the window, at least.</summary>
    public int Failures { get; init; } = 10;

    /// <summary>Share of the canary's requests within the window that failed, at least, in whole percent.</summary>
    public int FailurePercent { get; init; } = 50;

    /// <summary>Length of the window.</summary>
    public TimeSpan Window { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>How long it stays open before single requests try the canary again.</summary>
    public TimeSpan Pause { get; init; } = TimeSpan.FromSeconds(10);
}
