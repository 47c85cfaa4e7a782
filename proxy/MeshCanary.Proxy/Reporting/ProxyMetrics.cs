using System.Collections.Immutable;
using MeshCanary.Proxy.Configuring;
using MeshCanary.Proxy.Recording;
using MeshCanary.Proxy.Routing;
using Prometheus;

namespace MeshCanary.Proxy.Reporting;

/// <summary>
/// The proxy's own metrics, fed from the same counters as the reports. The histogram has every sixteenth edge, so each
/// of its counts is exact; its sum takes the middle of the fine bucket and is within 2.2 %.
/// </summary>
internal sealed class ProxyMetrics
{
    private static readonly string[] Classes = ["success", "server_error", "grpc_error", "connection_failure", "timeout", "client_abort"];

    private readonly Lock _gate = new();
    private readonly CounterBook _book;
    private readonly RouteTableHolder _tables;
    private readonly GuardMetrics _guards;
    private readonly Dictionary<RevisionCounters, RevisionReading> _revisions = [];
    private readonly Dictionary<DrawCounters, DrawReading> _draws = [];
    private readonly Dictionary<FirstVisits, long> _uncountedBefore = [];
    private readonly Counter _requests;
    private readonly Counter _diverted;
    private readonly Counter _retries;
    private readonly Counter _turnedAway;
    private readonly Counter _bytes;
    private readonly Counter _drawn;
    private readonly Counter _uncounted;
    private readonly Histogram _latency;
    private readonly Gauge _inFlight;
    private readonly Gauge _version;

    public ProxyMetrics(CollectorRegistry registry, CounterBook book, RouteTableHolder tables, GuardMetrics guards)
    {
        (_book, _tables, _guards) = (book, tables, guards);
        var metrics = Metrics.WithCustomRegistry(registry);
        _requests = metrics.CreateCounter("meshcanary_proxy_requests_total", "Finished requests by how they ended.", "route", "revision", "arm", "class");
        _diverted = metrics.CreateCounter("meshcanary_proxy_diverted_total", "Requests meant for the canary and served by stable, by why the canary could not take them.", "route", "cause");
        _retries = metrics.CreateCounter("meshcanary_proxy_retries_total", "Attempts that reached no endpoint and were made again elsewhere.", "route", "revision", "arm");
        _turnedAway = metrics.CreateCounter("meshcanary_proxy_turned_away_total", "Requests answered with 503, since the arm had as many as it may have at a time.", "route", "revision", "arm");
        _bytes = metrics.CreateCounter("meshcanary_proxy_bytes_total", "Body bytes.", "route", "revision", "arm", "direction");
        _drawn = metrics.CreateCounter("meshcanary_proxy_draws_total", "Requests by the arm that was drawn for them.", "route", "arm");
        _uncounted = metrics.CreateCounter("meshcanary_proxy_users_uncounted_total", "Requests of sticky users who may be new and were not counted as such, since no more users are remembered.", "route");
        _latency = metrics.CreateHistogram("meshcanary_proxy_request_duration_seconds", "Latency of requests that did not fail, arrival to end of response.",
            ["route", "revision", "arm"],
            new HistogramConfiguration { Buckets = [.. Enumerable.Range(0, (LatencyLayout.LastFinite / LatencyLayout.PerOctave) + 1).Select(i => LatencyLayout.UpperEdgeSeconds(i * LatencyLayout.PerOctave))] });
        _inFlight = metrics.CreateGauge("meshcanary_proxy_requests_in_flight", "Requests and tunnels that have not ended.", "route", "revision", "arm");
        _version = metrics.CreateGauge("meshcanary_proxy_snapshot_version", "Version of the configuration in force, 0 when there is none.");
    }

    /// <summary>Adds what belongs to the stream, once it exists.</summary>
    public void Observe(CollectorRegistry registry, ControllerLink link, ReportQueue reports, SnapshotIntake intake)
    {
        var metrics = Metrics.WithCustomRegistry(registry);
        var connected = metrics.CreateGauge("meshcanary_proxy_controller_connected", "1 while the controller's stream is open.");
        var pending = metrics.CreateGauge("meshcanary_proxy_reports_pending", "Interval reports that the controller has not receipted.");
        var refused = metrics.CreateCounter("meshcanary_proxy_snapshots_refused_total", "Configurations that were refused.");
        registry.AddBeforeCollectCallback(() =>
        {
            Update();
            connected.Set(link.Connected ? 1 : 0);
            pending.Set(reports.Pending);
            refused.IncTo(intake.Refused);
        });
    }

    /// <summary>Brings the metrics up to the counters.</summary>
    public void Update()
    {
        lock (_gate)
        {
            var table = _tables.Current;
            _version.Set(table.Version);
            var revisions = _book.Revisions;
            foreach (var counters in revisions)
                Update(counters, ArmOf(table, counters));
            var draws = _book.Draws;
            foreach (var counters in draws)
                Update(counters);
            UpdateUncounted();
            _guards.Update();
            Forget(table, revisions, draws);
        }
    }

    private static string ArmOf(RouteTable table, RevisionCounters counters)
    {
        if (!table.TryFind(counters.Route, out var route))
            return "retired";
        if (route.Stable.Revision == counters.Revision)
            return "stable";
        return route.Canary?.Revision == counters.Revision ? "canary" : "retired";
    }

    private void Update(RevisionCounters counters, string arm)
    {
        string[] labels = [counters.Route, counters.Revision, arm];
        _inFlight.WithLabels(labels).Set(counters.InFlight);

        if (!_revisions.TryGetValue(counters, out var reading))
            _revisions.Add(counters, reading = new RevisionReading(counters));
        if (reading.Take() is not { } counts)
            return;

        var latency = _latency.WithLabels(labels);
        ulong succeeded = 0;
        foreach (var bucket in counts.Latency)
        {
            succeeded += bucket.Count;
            latency.Observe(Middle((int)bucket.Bucket), (long)bucket.Count);
        }

        ulong[] byClass = [succeeded, counts.ServerErrors, counts.GrpcErrors, counts.ConnectionFailures, counts.Timeouts, counts.ClientAborts];
        for (var i = 0; i < Classes.Length; i++)
            _requests.WithLabels([.. labels, Classes[i]]).Inc(byClass[i]);
        _bytes.WithLabels([.. labels, "request"]).Inc(counts.RequestBytes);
        _bytes.WithLabels([.. labels, "response"]).Inc(counts.ResponseBytes);
        if (counts.Diverted > 0)
            Divert(counters.Route, counts);
        if (counts.Retries > 0)
            _retries.WithLabels(labels).Inc(counts.Retries);
        if (counts.TurnedAway > 0)
            _turnedAway.WithLabels(labels).Inc(counts.TurnedAway);
    }

    private void Divert(string route, Contracts.V1.RevisionCounts counts)
    {
        var guarded = counts.DivertedCircuit + counts.DivertedBudget + counts.DivertedConcurrency;
        foreach (var (cause, count) in (ReadOnlySpan<(string, ulong)>)
            [("not_ready", counts.Diverted - guarded), ("circuit", counts.DivertedCircuit), ("budget", counts.DivertedBudget), ("concurrency", counts.DivertedConcurrency)])
        {
            if (count > 0)
                _diverted.WithLabels(route, cause).Inc(count);
        }
    }

    private void Update(DrawCounters counters)
    {
        if (!_draws.TryGetValue(counters, out var reading))
            _draws.Add(counters, reading = new DrawReading(counters));
        if (reading.Take() is not { } draws)
            return;
        _drawn.WithLabels(counters.Route, "stable").Inc(draws.Stable);
        _drawn.WithLabels(counters.Route, "canary").Inc(draws.Canary);
    }

    private void UpdateUncounted()
    {
        var runs = _book.Visits;
        foreach (var visits in runs)
        {
            var uncounted = visits.Uncounted;
            _uncounted.WithLabels(visits.Route).Inc(uncounted - _uncountedBefore.GetValueOrDefault(visits));
            _uncountedBefore[visits] = uncounted;
        }

        foreach (var gone in _uncountedBefore.Keys.Except(runs).ToList())
            _uncountedBefore.Remove(gone);
    }

    // The series of a revision that is gone would stand still for ever, and so would the gauge of an arm it no longer has.
    private void Forget(RouteTable table, ImmutableArray<RevisionCounters> revisions, ImmutableArray<DrawCounters> draws)
    {
        foreach (var gone in _draws.Keys.Except(draws).ToList())
            _draws.Remove(gone);
        foreach (var gone in _revisions.Keys.Except(revisions).ToList())
            _revisions.Remove(gone);

        var known = revisions.Select(counters => (counters.Route, counters.Revision)).ToHashSet();
        var arms = revisions.Select(counters => (counters.Route, counters.Revision, ArmOf(table, counters))).ToHashSet();
        Drop(_inFlight, labels => arms.Contains((labels[0], labels[1], labels[2])));
        Drop(_requests, labels => known.Contains((labels[0], labels[1])));
        Drop(_latency, labels => known.Contains((labels[0], labels[1])));
        Drop(_retries, labels => known.Contains((labels[0], labels[1])));
        Drop(_turnedAway, labels => known.Contains((labels[0], labels[1])));
        Drop(_bytes, labels => known.Contains((labels[0], labels[1])));
    }

    private static void Drop<TChild>(Collector<TChild> collector, Func<string[], bool> live)
        where TChild : ChildBase
    {
        foreach (var labels in collector.GetAllLabelValues().Where(labels => !live(labels)).ToList())
            collector.RemoveLabelled(labels);
    }

    private static double Middle(int bucket) => bucket switch
    {
        LatencyLayout.Overflow => LatencyLayout.UpperEdgeSeconds(LatencyLayout.LastFinite) * 1.02,
        0 => LatencyLayout.FirstUpperEdgeSeconds / 2,
        _ => (LatencyLayout.UpperEdgeSeconds(bucket - 1) + LatencyLayout.UpperEdgeSeconds(bucket)) / 2,
    };
}
