using MeshCanary.Contracts.V1;
using MeshCanary.Proxy.Recording;
using MeshCanary.Proxy.Upstreams;
using Microsoft.Extensions.Logging;

namespace MeshCanary.Proxy.Endpoints;

/// <summary>
/// All endpoints of the proxy. They live across snapshots by route, revision, address and settings, so that health, ejections,
/// slow start and requests in flight survive a change of weights or of other endpoints. <see cref="Prepare"/> and
/// <see cref="Retain"/> one call at a time; the rest from any thread.
/// </summary>
internal sealed class EndpointBoard : IDisposable
{
    private static readonly TimeSpan BetweenSweeps = TimeSpan.FromSeconds(10);

    private readonly EndpointTools _tools;
    private readonly EndpointMaker _maker;
    private volatile Dictionary<(RevisionCounters Counters, ArmSettings Settings), EndpointSet> _inForce = [];

    /// <param name="connect">How long a connection may take.</param>
    /// <param name="time">The clock of pauses, probes and slow start.</param>
    /// <param name="loggers">Where what happens to endpoints is told.</param>
    /// <param name="resolveInterval">Between two looks at what a host name stands for; five seconds when null.</param>
    /// <param name="names">Tells what it stands for; the system when null.</param>
    /// <param name="silence">Longest time that an upstream may stay silent; a hundred seconds when null.</param>
    /// <param name="onLoops">Whether connections are watched by our loops, where there are some.</param>
    public EndpointBoard(
        ConnectLimits connect, TimeProvider time, ILoggerFactory loggers, TimeSpan? resolveInterval = null, INameResolver? names = null, TimeSpan? silence = null,
        bool onLoops = true)
    {
        _tools = new EndpointTools(
            new Agenda(time, loggers.CreateLogger<Agenda>()),
            new UpstreamClients(connect, time, loggers),
            names ?? new SystemNames(),
            resolveInterval ?? TimeSpan.FromSeconds(5),
            new LeavingEndpoints(time),
            time,
            loggers)
        {
            Http1 = new Http1Upstreams(connect, silence ?? TimeSpan.FromSeconds(100), time, onLoops),
        };
        _maker = new EndpointMaker(_tools);
        _tools.Agenda.After(BetweenSweeps, Sweep);
    }

    /// <summary>What is wrong with the files that TLS settings name, or null.</summary>
    public string? FaultOf(UpstreamTls tls) => EndpointFaults.OfFiles(tls, _tools.Time);

    /// <summary>Counters of every endpoint that may still count: in force, or with requests in flight.</summary>
    public IEnumerable<EndpointCounters> Counters => _inForce.Values.SelectMany(set => set.Counters).Concat(_tools.Leaving.Counters);

    /// <summary>
    /// Makes what an arm of a valid snapshot will use, of endpoints that are there and new ones. Nothing that is in force
    /// changes, and new endpoints are not looked after until they are retained.
    /// </summary>
    /// <param name="counters">Of the revision that the arm runs.</param>
    /// <param name="arm">The arm.</param>
    /// <param name="port">The port whose requests it serves; 0 for any.</param>
    public EndpointSet Prepare(RevisionCounters counters, Arm arm, uint port = 0)
    {
        var settings = ArmSettings.Of(arm, port);
        var known = _inForce.GetValueOrDefault((counters, settings));
        var group = known?.Group ?? new EndpointGroup(counters, settings, _tools);
        var origins = known?.Origins.ToDictionary(origin => origin.Address, StringComparer.Ordinal) ?? [];
        return new EndpointSet(group, [.. arm.Endpoints.Select(address => origins.GetValueOrDefault(address) ?? _maker.Make(address, group))]);
    }

    /// <summary>
    /// Puts sets in force: looks after what is new, and no more after what none of them uses, whose requests in flight go on.
    /// </summary>
    public void Retain(IReadOnlyCollection<EndpointSet> inForce)
    {
        var before = _inForce.Values;
        _inForce = inForce.ToDictionary(set => (set.Group.Counters, set.Group.Settings));
        var used = inForce.SelectMany(set => set.Origins).ToHashSet();
        foreach (var set in before)
        {
            if (!_inForce.TryGetValue((set.Group.Counters, set.Group.Settings), out var next) || next.Group != set.Group)
                set.Group.InForce = null;
            foreach (var origin in set.Origins.Where(origin => !used.Contains(origin)))
                Leave(origin);
        }

        foreach (var set in inForce)
        {
            set.Group.InForce = set;
            foreach (var origin in set.Origins)
                Enter(origin);
        }
    }

    public void Dispose()
    {
        foreach (var origin in _inForce.Values.SelectMany(set => set.Origins))
            origin.Stop();
        _tools.Agenda.Dispose();
        _tools.Clients.Dispose();
        _tools.Http1.Dispose();
    }

    private void Enter(Origin origin)
    {
        foreach (var endpoint in origin.Endpoints)
            _tools.Leaving.Remove(endpoint);
        origin.Start();
    }

    private void Leave(Origin origin)
    {
        origin.Stop();
        foreach (var endpoint in origin.Endpoints)
            _tools.Leaving.Add(endpoint);
    }

    private void Sweep()
    {
        _tools.Leaving.Sweep();
        _tools.Clients.Sweep(
            _inForce.Values.SelectMany(set => set.All).Concat(_tools.Leaving.All).Select(endpoint => endpoint.Client).ToHashSet());
        _tools.Agenda.After(BetweenSweeps, Sweep);
    }
}
