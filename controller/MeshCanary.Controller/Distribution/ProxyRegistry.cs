using System.Collections.Immutable;
using MeshCanary.Controller.Api;
using MeshCanary.Controller.Metrics;
using MeshCanary.Rollouts.Deciding;

namespace MeshCanary.Controller.Distribution;

/// <summary>The proxies that are connected, and what they have acknowledged.</summary>
internal sealed class ProxyRegistry
{
    private readonly Lock _gate = new();
    private readonly SnapshotBoard _board;
    private readonly IReportSink _reports;
    private readonly DistributionMetrics _metrics;
    private readonly TimeProvider _time;
    private ImmutableDictionary<string, ProxySession> _sessions = ImmutableDictionary<string, ProxySession>.Empty;

    /// <summary>Listens to the board for newer snapshots.</summary>
    public ProxyRegistry(SnapshotBoard board, IReportSink reports, DistributionMetrics metrics, TimeProvider time)
    {
        (_board, _reports, _metrics, _time) = (board, reports, metrics, time);
        board.Published += Notify;
    }

    /// <summary>Called when a proxy came, went or answered.</summary>
    public event Action? Changed;

    /// <summary>The open sessions.</summary>
    public IReadOnlyCollection<ProxySession> Sessions => [.. _sessions.Values];

    /// <summary>The proxies as people see them.</summary>
    public ImmutableArray<ProxyView> Views =>
    [
        .. _sessions.Values
            .OrderBy(session => session.Proxy, StringComparer.Ordinal).ThenBy(session => session.Instance, StringComparer.Ordinal)
            .Select(session => new ProxyView(session.Proxy, session.Instance, Connected: true, session.Acknowledged, session.Problem)),
    ];

    /// <summary>A stream opened. An older stream of the same instance is over, whether it knows it or not.</summary>
    public void Attach(ProxySession session)
    {
        lock (_gate)
        {
            _sessions.GetValueOrDefault(session.Instance)?.Drop("The same proxy has connected again.");
            _sessions = _sessions.SetItem(session.Instance, session);
            session.Answered = OnAnswered;
            _reports.Connected(session.Instance, session.Proxy, session.Receipt);
            _metrics.Connected.Set(_sessions.Count);
        }

        Changed?.Invoke();
    }

    /// <summary>A stream ended.</summary>
    public void Detach(ProxySession session)
    {
        lock (_gate)
        {
            if (_sessions.GetValueOrDefault(session.Instance) != session)
                return;
            _sessions = _sessions.Remove(session.Instance);
            _reports.Disconnected(session.Instance);
            _metrics.Connected.Set(_sessions.Count);
        }

        Changed?.Invoke();
    }

    /// <summary>What the connected proxies have acknowledged of a Canary's traffic.</summary>
    public TrafficObservation Observe(string key)
    {
        var sessions = _sessions.Values.ToList();
        var newest = _board.Current is { } current ? _board.Find(current.Version, key) : null;
        var routes = sessions.ConvertAll(session => _board.Find(session.Acknowledged, key));
        var acknowledged = newest is null ? 0 : routes.Count(route => route?.Route.Equals(newest.Route) == true);
        var common = routes.Count > 0 && routes.TrueForAll(route => route is not null && route.Plan == routes[0]?.Plan) ? routes[0]?.Plan : null;
        return new TrafficObservation
        {
            Acknowledged = common,
            Proxies = sessions.Count,
            ProxiesAcknowledged = acknowledged,
            Problem = FindProblem(sessions, acknowledged),
        };
    }

    private static string? FindProblem(List<ProxySession> sessions, int acknowledged)
    {
        if (sessions.Count == 0)
            return "no proxy is connected";
        if (acknowledged == sessions.Count)
            return null;
        var refusals = sessions.Where(session => session.Problem is not null).Select(session => $"proxy {session.Proxy} refuses {session.Problem}").ToList();
        return refusals.Count > 0
            ? string.Join("; ", refusals)
            : $"{acknowledged} of {sessions.Count} proxies have acknowledged the newest configuration";
    }

    private void OnAnswered(ProxySession session, long version, bool accepted)
    {
        if (!accepted)
            _metrics.Refusals.Inc();
        else if (_board.Current is { } current && current.Version == version)
            _metrics.AckLatency.Observe(_time.GetElapsedTime(current.Timestamp).TotalSeconds);
        Changed?.Invoke();
    }

    private void Notify()
    {
        _metrics.Version.Set(_board.Current?.Version ?? 0);
        foreach (var session in _sessions.Values)
            session.Notify();
    }
}
