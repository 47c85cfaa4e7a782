using System.Collections.Immutable;
using System.Globalization;
using MeshCanary.Analysis.Samples.Prometheus;
using MeshCanary.Controller.Metrics.Prometheus.Cutting;
using MeshCanary.Controller.Metrics.Prometheus.Naming;

namespace MeshCanary.Controller.Metrics.Prometheus;

/// <summary>Finds out how a Canary's processes are scraped, of a few samples. Pure.</summary>
internal static class HabitFinder
{
    /// <summary>How much time of samples is looked at.</summary>
    public static readonly TimeSpan Range = TimeSpan.FromMinutes(10);

    /// <summary>What the samples show, or what is missing in them.</summary>
    /// <param name="sample">Samples of <see cref="Range"/>.</param>
    /// <param name="queries">What was asked.</param>
    /// <param name="given">Time from scrape to scrape, where somebody said so.</param>
    /// <param name="boundaries">Boundaries that are settled already; empty to find them.</param>
    public static (ScrapeHabit? Habit, string? Problem) Find(SourceSample sample, SourceQueries queries, TimeSpan? given, ImmutableArray<double> boundaries)
    {
        if (sample.Requests.IsEmpty)
            return (null, $"Prometheus has no series of the Canary's requests; it was asked for {sample.Queries[0]}");
        if (sample.Latencies.IsEmpty)
            return (null, $"Prometheus has no series of the Canary's latencies; it was asked for {sample.Queries[1]}");
        if ((given ?? new Scrapes(sample.Requests.Concat(sample.Latencies)).Interval()) is not { } interval)
            return (null, "no process of the Canary was scraped three times yet, so it is not known how often they are scraped; wait, or write analysis.source.scrapeInterval");
        var settled = boundaries.IsEmpty ? Shared(sample, queries) : boundaries;
        return settled.Length < 2
            ? (null, $"the histograms of {queries.Latency} have fewer than two bounds in common, so latencies cannot be compared; give all versions the same buckets")
            : (new ScrapeHabit(interval, settled), null);
    }

    /// <summary>Why windows of a length cannot be counted; null when they can.</summary>
    public static string? TooShort(TimeSpan window, TimeSpan scrape)
    {
        // Spacings that were read off samples are a little off.
        if (window * 1.05 >= scrape * 2)
            return null;
        var seconds = Math.Ceiling(Math.Round(scrape.TotalSeconds * 2, 1));
        return string.Create(CultureInfo.InvariantCulture, $"windows of {window.TotalSeconds:0.###} s are shorter than two scrapes of {scrape.TotalSeconds:0.###} s, so what they hold would be chance; set analysis.interval to {seconds}s or more, or scrape more often");
    }

    private static ImmutableArray<double> Shared(SourceSample sample, SourceQueries queries)
    {
        HashSet<double>? shared = null;
        foreach (var bounds in LatencyReadings.Of(sample.Latencies.Where(series => queries.Revisions.Of(series) is not null), queries.SecondsPerUnit).Select(readings => readings.Boundaries()).OfType<IEnumerable<double>>())
        {
            if (shared is null)
                shared = [.. bounds];
            else
                shared.IntersectWith(bounds);
        }

        return ForeignLayout.Edges(shared ?? []);
    }
}
