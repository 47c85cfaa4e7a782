namespace MeshCanary.Analysis.Simulator.Scenarios;

/// <summary>The grid of time that every run lies on.</summary>
internal static class Clock
{
    /// <summary>Length of an interval in seconds.</summary>
    public const int IntervalSeconds = 10;

    /// <summary>Intervals in a minute.</summary>
    public const int PerMinute = 60 / IntervalSeconds;

    /// <summary>Minutes of a rollout.</summary>
    public const int RunMinutes = 60;

    /// <summary>Intervals of a rollout.</summary>
    public const int RunIntervals = RunMinutes * PerMinute;

    /// <summary>Minutes of warm-up before a rollout, from which judges learn what stable looks like.</summary>
    public const int WarmMinutes = 1;

    /// <summary>When every simulated run begins.</summary>
    public static DateTimeOffset Origin { get; } = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);
}
