using System.Collections.Immutable;

namespace MeshCanary.Controller.Metrics.Prometheus;

/// <summary>What was found out about how a Canary's processes are scraped. Immutable.</summary>
/// <param name="Interval">Time from scrape to scrape.</param>
/// <param name="Boundaries">Boundaries in seconds at which all histograms are exact, rising; at least two.</param>
internal sealed record ScrapeHabit(TimeSpan Interval, ImmutableArray<double> Boundaries)
{
    // A process that misses so many scrapes in a row, and comes back, counts from its first one anew.
    private const int ScrapesBack = 5;

    /// <summary>How far before a window samples are read, to know where its counters began.</summary>
    public TimeSpan Back => Interval * ScrapesBack;
}
