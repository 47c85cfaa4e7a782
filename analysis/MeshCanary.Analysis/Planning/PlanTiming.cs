namespace MeshCanary.Analysis.Planning;

/// <summary>The clockwork of a run's analysis.</summary>
/// <param name="Interval">Length of an interval, above zero: verdicts come at its ends.</param>
/// <param name="Warmup">Time after the first canary traffic that is not counted.</param>
public readonly record struct PlanTiming(TimeSpan Interval, TimeSpan Warmup)
{
    /// <summary>Intervals of ten seconds after a minute.</summary>
    public static PlanTiming Default { get; } = new(TimeSpan.FromSeconds(10), TimeSpan.FromSeconds(60));
}
