namespace MeshCanary.Controller.Metrics.Prometheus.Cutting;

/// <summary>
/// What came between the scrapes of one counter, or of one histogram as a whole: a row of cumulative counts. Each increase
/// belongs to the scrape that first showed it, so that over all windows it counts once.
/// </summary>
internal static class Increase
{
    /// <summary>The increases, with the time of the scrape that showed each.</summary>
    /// <param name="readings">Readings in the order of time, all of one length.</param>
    /// <param name="back">How long before a reading the one before it may be, in milliseconds.</param>
    /// <param name="wasScraped">
    /// Whether the process was scraped within that time before a reading. If it was, and did not have it, it has grown from zero; otherwise
    /// nobody knows since when, and it counts for nothing.
    /// </param>
    public static IEnumerable<(long At, double[] Counts)> Of(IReadOnlyList<(long At, double[] Counts)> readings, long back, Func<long, bool> wasScraped)
    {
        for (var i = 0; i < readings.Count; i++)
        {
            var (at, now) = readings[i];
            var before = i > 0 && at - readings[i - 1].At <= back ? readings[i - 1].Counts : null;
            if (before is null && !wasScraped(at))
                continue;
            // One bucket alone cannot be reset: when any fell, the process began anew, and all that it shows came since.
            yield return (at, before is null || now.Zip(before).Any(pair => pair.First < pair.Second) ? now : [.. now.Zip(before, (one, other) => one - other)]);
        }
    }

    /// <summary>Adds increases, and keeps cumulative what is: a scrape is not atomic, and a request may be in one bucket and not yet in the next.</summary>
    public static void Add(double[] sums, double[] counts)
    {
        var last = 0.0;
        for (var i = 0; i < sums.Length; i++)
            sums[i] += last = Math.Max(last, counts[i]);
    }
}
