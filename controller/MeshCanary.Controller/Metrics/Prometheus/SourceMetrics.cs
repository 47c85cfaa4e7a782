using Prometheus;

namespace MeshCanary.Controller.Metrics.Prometheus;

/// <summary>Figures on what is asked of Prometheus.</summary>
internal sealed class SourceMetrics(MetricFactory factory)
{
    private readonly Counter _queries = factory.CreateCounter("meshcanary_source_queries_total", "Queries for the counts of Canaries, by source and outcome.", "source", "outcome");
    private readonly Histogram _duration = factory.CreateHistogram(
        "meshcanary_source_query_duration_seconds", "Time of a query for the counts of a Canary, tries included.", ["source"], new HistogramConfiguration { Buckets = Histogram.ExponentialBuckets(0.005, 2, 14) });

    private readonly Histogram _delay = factory.CreateHistogram(
        "meshcanary_source_delay_seconds", "Time from the end of a window until its counts were there.", ["source"], new HistogramConfiguration { Buckets = Histogram.ExponentialBuckets(0.25, 2, 14) });

    private readonly Counter _passedOver = factory.CreateCounter("meshcanary_source_windows_passed_over_total", "Windows of runs that are older than what a source is asked for.", "source");

    /// <summary>A query came to an end.</summary>
    public void Asked(TimeSpan took, string outcome)
    {
        _queries.WithLabels("prometheus", outcome).Inc();
        _duration.WithLabels("prometheus").Observe(took.TotalSeconds);
    }

    /// <summary>A window's counts are there.</summary>
    public void Closed(TimeSpan after) => _delay.WithLabels("prometheus").Observe(Math.Max(0, after.TotalSeconds));

    /// <summary>Windows are given up.</summary>
    public void PassedOver(long windows) => _passedOver.WithLabels("prometheus").Inc(windows);
}
