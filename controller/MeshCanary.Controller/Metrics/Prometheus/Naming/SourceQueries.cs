using System.Collections.Immutable;
using System.Globalization;

namespace MeshCanary.Controller.Metrics.Prometheus.Naming;

/// <summary>What is asked for a Canary, with every preset filled in. Immutable.</summary>
internal sealed record SourceQueries
{
    /// <summary>The counter of requests.</summary>
    public required string Requests { get; init; }

    /// <summary>The histogram of latencies, without <c>_bucket</c>.</summary>
    public required string Latency { get; init; }

    /// <summary>Seconds that one unit of the histogram is.</summary>
    public required double SecondsPerUnit { get; init; }

    /// <summary>Label matchers of both, without braces; empty for none.</summary>
    public required string Matchers { get; init; }

    /// <summary>Which series are failures.</summary>
    public required ImmutableArray<LabelPattern> Errors { get; init; }

    /// <summary>Which series are not counted.</summary>
    public required ImmutableArray<LabelPattern> Ignored { get; init; }

    /// <summary>Tells the revision of a series.</summary>
    public required RevisionNames Revisions { get; init; }

    /// <summary>The query for the samples of requests of some time up to the instant that it is asked for.</summary>
    public string RequestsOver(TimeSpan range) => $"{Requests}{Selector(Revisions.Matcher)}{Range(range)}";

    /// <summary>The same for latencies: classic buckets, and native histograms where they are served.</summary>
    public string LatencyOver(TimeSpan range) => $"{Selector($"__name__=~\"{Latency}(_bucket)?\"", Revisions.Matcher)}{Range(range)}";

    private string Selector(params IEnumerable<string> more) => $"{{{string.Join(',', more.Append(Matchers).Where(part => part.Length > 0))}}}";

    // One more millisecond: newer releases leave the sample at the very beginning out.
    private static string Range(TimeSpan range) => string.Create(CultureInfo.InvariantCulture, $"[{(long)Math.Ceiling(range.TotalMilliseconds) + 1}ms]");
}
