using MeshCanary.Contracts.V1;
using MeshCanary.Proxy.Recording;
using Prometheus;

namespace MeshCanary.Proxy.Reporting;

/// <summary>
/// The metrics that are kept by route, revision and arm. A histogram has every sixteenth edge of the counts, so each of its
/// counts is exact; its sum takes the middle of the fine bucket and is within 2.2 %.
/// </summary>
internal sealed class RevisionFamilies(IMetricFactory metrics)
{
    private static readonly string[] Classes = ["success", "server_error", "grpc_error", "connection_failure", "timeout", "client_abort"];
    private static readonly string[] Directions = ["request", "response"];
    private static readonly string[] Labels = ["route", "revision", "arm"];

    private static readonly HistogramConfiguration EveryOctave = new()
    {
        Buckets = [.. Enumerable.Range(0, (LatencyLayout.LastFinite / LatencyLayout.PerOctave) + 1).Select(i => LatencyLayout.UpperEdgeSeconds(i * LatencyLayout.PerOctave))],
    };

    private readonly Counter _requests = metrics.CreateCounter("meshcanary_proxy_requests_total", "Finished requests by how they ended.", [.. Labels, "class"]);
    private readonly Histogram _latency = metrics.CreateHistogram("meshcanary_proxy_request_duration_seconds", "Latency of requests that did not fail, arrival to end of response.", Labels, EveryOctave);
    private readonly Histogram _firstByte = metrics.CreateHistogram("meshcanary_proxy_first_byte_seconds", "Arrival to the first byte of the response, of requests whose response began.", Labels, EveryOctave);
    private readonly Counter _bytes = metrics.CreateCounter("meshcanary_proxy_bytes_total", "Body bytes.", [.. Labels, "direction"]);
    private readonly Counter _retries = metrics.CreateCounter("meshcanary_proxy_retries_total", "Attempts that never reached an endpoint and were tried again elsewhere.", Labels);
    private readonly Counter _turnedAway = metrics.CreateCounter("meshcanary_proxy_turned_away_total", "Requests that were refused with 503, since the arm was at its limit of concurrent requests.", Labels);
    private readonly Counter _diverted = metrics.CreateCounter("meshcanary_proxy_diverted_total", "Requests meant for the canary and served by stable, by cause.", ["route", "cause"]);

    /// <summary>Requests and tunnels that have not ended.</summary>
    public Gauge InFlight { get; } = metrics.CreateGauge("meshcanary_proxy_requests_in_flight", "Requests and tunnels that have not ended.", Labels);

    /// <summary>Adds what a revision served.</summary>
    /// <param name="labels">Route, revision and arm.</param>
    /// <param name="counts">What it served.</param>
    public void Add(string[] labels, RevisionCounts counts)
    {
        ulong[] byClass =
        [
            counts.Latency.Aggregate(0UL, (sum, bucket) => sum + bucket.Count),
            counts.ServerErrors, counts.GrpcErrors, counts.ConnectionFailures, counts.Timeouts, counts.ClientAborts,
        ];
        for (var i = 0; i < Classes.Length; i++)
            _requests.WithLabels([.. labels, Classes[i]]).Inc(byClass[i]);
        Observe(_latency.WithLabels(labels), counts.Latency);
        Observe(_firstByte.WithLabels(labels), counts.FirstByte);
        _bytes.WithLabels([.. labels, Directions[0]]).Inc(counts.RequestBytes);
        _bytes.WithLabels([.. labels, Directions[1]]).Inc(counts.ResponseBytes);
        _retries.WithLabels(labels).Inc(counts.Retries);
        _turnedAway.WithLabels(labels).Inc(counts.TurnedAway);
        Divert(labels[0], "not_ready", counts.Diverted - counts.DivertedCircuit - counts.DivertedBudget - counts.DivertedConcurrency);
        Divert(labels[0], "circuit", counts.DivertedCircuit);
        Divert(labels[0], "budget", counts.DivertedBudget);
        Divert(labels[0], "concurrency", counts.DivertedConcurrency);
    }

    /// <summary>Forgets a revision that is gone: its series would stand still for ever.</summary>
    public void Remove(string[] labels)
    {
        foreach (var one in Classes)
            _requests.RemoveLabelled([.. labels, one]);
        foreach (var one in Directions)
            _bytes.RemoveLabelled([.. labels, one]);
        _latency.RemoveLabelled(labels);
        _firstByte.RemoveLabelled(labels);
        _retries.RemoveLabelled(labels);
        _turnedAway.RemoveLabelled(labels);
        InFlight.RemoveLabelled(labels);
    }

    private void Divert(string route, string cause, ulong count)
    {
        if (count > 0)
            _diverted.WithLabels(route, cause).Inc(count);
    }

    private static void Observe(Histogram.Child histogram, IEnumerable<BucketCount> buckets)
    {
        foreach (var bucket in buckets)
            histogram.Observe(Middle((int)bucket.Bucket), (long)bucket.Count);
    }

    private static double Middle(int bucket) => bucket switch
    {
        LatencyLayout.Overflow => LatencyLayout.UpperEdgeSeconds(LatencyLayout.LastFinite) * 1.02,
        0 => LatencyLayout.FirstUpperEdgeSeconds / 2,
        _ => (LatencyLayout.UpperEdgeSeconds(bucket - 1) + LatencyLayout.UpperEdgeSeconds(bucket)) / 2,
    };
}
