using MeshCanary.Proxy.Configuring;
using MeshCanary.Proxy.Recording;
using MeshCanary.Proxy.Routing;
using Prometheus;

namespace MeshCanary.Proxy.Reporting;

/// <summary>The proxy's own metrics, fed from the same counters as the reports.</summary>
internal sealed class ProxyMetrics
{
    private readonly Lock _gate = new();
    private readonly CounterBook _book;
    private readonly RouteTableHolder _tables;
    private readonly GuardMetrics _guards;
    private readonly RevisionFamilies _families;
    private readonly Dictionary<RevisionCounters, RevisionSeries> _revisions = [];
    private readonly Dictionary<DrawCounters, DrawReading> _draws = [];
    private readonly Dictionary<FirstVisits, long> _uncountedBefore = [];
    private readonly Counter _drawn;
    private readonly Counter _uncounted;
    private readonly Gauge _version;

    public ProxyMetrics(CollectorRegistry registry, CounterBook book, RouteTableHolder tables, GuardMetrics guards)
    {
        (_book, _tables, _guards) = (book, tables, guards);
        var metrics = Metrics.WithCustomRegistry(registry);
        _families = new RevisionFamilies(metrics);
        _drawn = metrics.CreateCounter("meshcanary_proxy_draws_total", "Requests by the arm that was drawn for them.", "route", "arm");
        _uncounted = metrics.CreateCounter("meshcanary_proxy_users_uncounted_total", "Requests of sticky users who may be new and were not counted as such, since no more users are remembered.", "route");
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
            UpdateRevisions(table);
            UpdateDraws();
            UpdateUncounted();
            _guards.Update();
        }
    }

    private void UpdateRevisions(RouteTable table)
    {
        var revisions = _book.Revisions;
        // First what is gone: a revision that is back has the same labels.
        if (revisions.Length < _revisions.Count || !revisions.All(_revisions.ContainsKey))
        {
            foreach (var gone in _revisions.Keys.Except(revisions).ToList())
            {
                _revisions[gone].Remove();
                _revisions.Remove(gone);
            }
        }

        foreach (var counters in revisions)
        {
            if (!_revisions.TryGetValue(counters, out var series))
                _revisions.Add(counters, series = new RevisionSeries(counters, _families));
            series.Update(table);
        }
    }

    private void UpdateDraws()
    {
        var draws = _book.Draws;
        foreach (var counters in draws)
            Update(counters);
        foreach (var gone in _draws.Keys.Except(draws).ToList())
            _draws.Remove(gone);
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
}
