using System.Collections.Immutable;
using MeshCanary.Controller.Api;
using MeshCanary.Controller.Exposing;
using MeshCanary.Controller.Metrics;
using MeshCanary.Controller.Recording;
using MeshCanary.Controller.Traffic;
using MeshCanary.Rollouts.Deciding;

namespace MeshCanary.Controller.Distribution;

/// <summary>The proxies that are connected or missing, and what they have acknowledged.</summary>
internal sealed class ProxyRegistry : IDisposable
{
    private readonly Lock _gate = new();
    private readonly SnapshotBoard _board;
    private readonly IReportSink _reports;
    private readonly DistributionMetrics _metrics;
    private readonly TimeProvider _time;
    private readonly Absences _absences;
    private ImmutableDictionary<string, ProxySession> _sessions = ImmutableDictionary<string, ProxySession>.Empty;

    /// <summary>Listens to the board for newer snapshots.</summary>
    public ProxyRegistry(SnapshotBoard board, IReportSink reports, DistributionMetrics metrics, TimeProvider time)
    {
        (_board, _reports, _metrics, _time) = (board, reports, metrics, time);
        _absences = new Absences(time, () => Changed?.Invoke());
        board.Published += Notify;
    }

    /// <summary>Called when a proxy came, went or answered.</summary>
    public event Action? Changed;

    /// <summary>The open sessions.</summary>
    public IReadOnlyCollection<ProxySession> Sessions => [.. _sessions.Values];

    /// <summary>The proxies as people see them.</summary>
    public ImmutableArray<ProxyView> Views => Show(_sessions.Values, _absences.All);

    /// <summary>The port is open. Proxies that an earlier controller on this state had may take a moment to come back.</summary>
    public void Open()
    {
        if (_board.WasPublishedBefore)
            _absences.AwaitReturn();
    }

    /// <summary>A stream opened. An older stream of the same instance is over, whether it knows it or not.</summary>
    public void Attach(ProxySession session)
    {
        lock (_gate)
        {
            if (_sessions.TryGetValue(session.Instance, out var older))
                older.Drop("The same proxy has connected again.");
            else
                _metrics.Connected.Inc();
            _sessions = _sessions.SetItem(session.Instance, session);
            session.Answered = OnAnswered;
            _absences.Forget(session);
            _reports.Connected(session.Instance, session.Proxy, session.Receipt);
        }

        Changed?.Invoke();
    }

    /// <summary>A stream ended; <paramref name="inOrder"/> says that the proxy itself closed it, and serves no more.</summary>
    public void Detach(ProxySession session, bool inOrder)
    {
        lock (_gate)
        {
            if (_sessions.GetValueOrDefault(session.Instance) != session)
                return;
            _sessions = _sessions.Remove(session.Instance);
            if (!inOrder)
                _absences.Add(session);
            _reports.Disconnected(session.Instance);
            _metrics.Connected.Dec();
        }

        Changed?.Invoke();
    }

    /// <summary>
    /// What the proxies have acknowledged of a Canary's traffic: those that are connected, and those that were a moment
    /// ago and may go on with the last that they acknowledged.
    /// </summary>
    public TrafficSight Observe(string key)
    {
        // Every proxy's standing is read once: an answer that comes in between is in all of what follows, or in nothing.
        var known = Show(_sessions.Values, _absences.All);
        var missing = _absences.Awaited;
        var starting = _absences.IsStarting;
        var newest = _board.Current is { } current ? _board.Find(current.Version, key) : null;
        var connected = known.Where(proxy => proxy.Connected).ToList();
        var routes = connected.Select(proxy => proxy.AcknowledgedVersion).Concat(missing.Select(absence => absence.Acknowledged))
            .Select(version => _board.Find(version, key)).ToList();
        var behind = missing.Where(absence => !IsSame(_board.Find(absence.Acknowledged, key), newest)).ToList();
        var acknowledged = routes.Count(route => IsSame(route, newest));
        var agreed = connected.Count > 0 && !starting && routes.TrueForAll(route => route is not null && route.Plan == routes[0]?.Plan);
        var traffic = new TrafficObservation
        {
            Acknowledged = agreed ? routes[0]?.Plan : null,
            Proxies = routes.Count,
            ProxiesAcknowledged = acknowledged,
            Problem = FindProblem(connected, behind, routes.Count, acknowledged) ?? (starting ? "the controller has just started, and not all proxies may be back yet" : null),
        };
        return new TrafficSight(traffic, known);
    }

    /// <summary>Tells the proxies their parts of a run's budget; null when there is none.</summary>
    public void Allow(string key, ExposureLedger? ledger)
    {
        foreach (var session in _sessions.Values)
            session.Allow(key, ledger?.PartOf(session.Instance));
    }

    /// <summary>Ends every stream.</summary>
    public void DropAll(string reason)
    {
        foreach (var session in _sessions.Values)
            session.Drop(reason);
    }

    /// <inheritdoc/>
    public void Dispose() => _absences.Dispose();

    private static bool IsSame(PublishedRoute? route, PublishedRoute? newest) => newest is not null && route?.IsSame(newest) == true;

    private static ImmutableArray<ProxyView> Show(IEnumerable<ProxySession> sessions, IEnumerable<Absence> absences) =>
    [
        .. sessions
            .Select(session => new ProxyView(session.Proxy, session.Instance, Connected: true, session.Acknowledged, session.Problem))
            .Concat(absences.Select(absence => new ProxyView(absence.Proxy, absence.Instance, Connected: false, absence.Acknowledged, absence.Problem)))
            .OrderBy(view => view.Name, StringComparer.Ordinal).ThenBy(view => view.InstanceId, StringComparer.Ordinal),
    ];

    private static string? FindProblem(List<ProxyView> connected, List<Absence> behind, int proxies, int acknowledged)
    {
        var reasons = connected.Where(proxy => proxy.Problem is not null).Select(proxy => $"proxy {proxy.Name} refuses {proxy.Problem}")
            .Concat(behind.Select(absence => absence.Words))
            .ToList();
        if (connected.Count == 0)
            return string.Join("; ", reasons.Prepend("no proxy is connected"));
        if (acknowledged == proxies)
            return null;
        return reasons.Count > 0
            ? string.Join("; ", reasons)
            : $"{acknowledged} of {proxies} proxies have acknowledged the newest configuration";
    }

    private void OnAnswered(ProxySession session, long version, bool accepted)
    {
        if (!accepted)
            Refused(session, version);
        else if (session.SentAt(version) is { } sent)
            _metrics.AckLatency.Observe(_time.GetElapsedTime(sent).TotalSeconds);
        Changed?.Invoke();
    }

    private void Refused(ProxySession session, long version)
    {
        _metrics.Refusals.Inc();
        if (_board.Current?.Version != version || !session.TryRenew())
            return;
        try
        {
            _board.Renew(version);
        }
        catch (StoreUnavailableException)
        {
            // The refusal stays in view; the next change of the configuration has another version anyway.
        }
    }

    private void Notify()
    {
        _metrics.Version.IncTo(_board.Current?.Version ?? 0);
        foreach (var session in _sessions.Values)
            session.Notify();
    }
}
