using System.Globalization;

namespace MeshCanary.Analysis.Calibration;

/// <summary>How far a history may be trusted, and why in one sentence.</summary>
internal static class StandingWording
{
    /// <summary>Clocks that differ by no more than this are the same time.</summary>
    private static readonly TimeSpan ClockSlack = TimeSpan.FromMinutes(5);

    private static readonly int LongestBatch = PhiSums.BatchMinutes[^1];

    /// <summary>Independent minutes exceed this ratio in 2 of 100 histories (χ² with 12 degrees of freedom above 24).</summary>
    private const double Persistent = 2;

    public static (CalibrationStanding Standing, string? Reason) Describe(StandingFacts facts, CalibrationSettings settings)
    {
        if (facts.LastEnd is null)
            return (CalibrationStanding.Missing, "No interval of stable has been recorded yet.");
        if (facts.ComparedAt is not { } measured)
            return (CalibrationStanding.Missing, NeverCompared(facts));
        var age = facts.Now - measured;
        if (age < -ClockSlack)
            return (CalibrationStanding.Stale, $"The newest block ends {Span(-age)} after now, so one of the clocks is wrong.");
        if (age > settings.MaximumAge)
            return (CalibrationStanding.Stale, $"Stable was last compared with itself {Span(age)} ago; at most {Span(settings.MaximumAge)} are allowed{Since(facts)}.");
        var least = facts.Metrics.MinBy(metric => metric.ComparedBlocks)!;
        if (least.ComparedBlocks < settings.MinimumBlocks)
            return (CalibrationStanding.TooShort, $"{least.Metric} of stable's two halves was compared in {least.ComparedBlocks} blocks of a minute; {settings.MinimumBlocks} are needed{Since(facts)}.");
        var slowest = facts.Metrics.Where(IsUnresolved).MaxBy(metric => metric.Persistence);
        return slowest is null ? (CalibrationStanding.Fresh, null) : (CalibrationStanding.TooShort, Unresolved(slowest));
    }

    /// <summary>Noise that lasts for minutes, in a history too short to see how long: φ would be far too small.</summary>
    private static bool IsUnresolved(MetricCalibration metric) =>
        metric.LongestBatchMinutes < LongestBatch && metric.Persistence > Persistent;

    private static string Unresolved(MetricCalibration metric) => string.Create(CultureInfo.InvariantCulture,
        $"The noise of {metric.Metric} lasts for minutes (over {metric.LongestBatchMinutes} minutes φ is {metric.Persistence:0.0} times that of one), and its {metric.ComparedBlocks} blocks are too few to see how long; about {LongestBatch * SmallSample.EnoughBatches} are needed.");

    private static string NeverCompared(StandingFacts facts) => facts.Obstacle switch
    {
        SplitObstacle.NoEndpoints => $"The source named no endpoint of stable in the last {facts.UnsplitIntervals} intervals, so stable cannot be compared with itself.",
        SplitObstacle.OneEndpoint => $"Stable had one endpoint in the last {facts.UnsplitIntervals} intervals; it takes two to compare it with itself.",
        _ => "There was no block of a minute yet in which both halves of stable served requests.",
    };

    private static string Since(StandingFacts facts) => facts.Obstacle switch
    {
        SplitObstacle.NoEndpoints => $", and in the last {facts.UnsplitIntervals} intervals the source named no endpoint of stable",
        SplitObstacle.OneEndpoint => $", and in the last {facts.UnsplitIntervals} intervals stable had one endpoint only",
        _ => "",
    };

    private static string Span(TimeSpan span) => span.TotalDays >= 1
        ? string.Create(CultureInfo.InvariantCulture, $"{span.TotalDays:0.#} days")
        : span.TotalHours >= 1
            ? string.Create(CultureInfo.InvariantCulture, $"{span.TotalHours:0.#} hours")
            : string.Create(CultureInfo.InvariantCulture, $"{span.TotalMinutes:0.#} minutes");
}
