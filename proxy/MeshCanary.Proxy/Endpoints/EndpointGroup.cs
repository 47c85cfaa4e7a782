using MeshCanary.Proxy.Recording;
using Microsoft.Extensions.Logging;

namespace MeshCanary.Proxy.Endpoints;

/// <summary>
/// The endpoints of one revision of one route under the same settings: what they share is the lock of their changes, the
/// stamp that tells readers of one, and the floor below which failures eject none.
/// </summary>
internal sealed partial class EndpointGroup(RevisionCounters counters, ArmSettings settings, EndpointTools tools)
{
    private readonly ILogger _logger = tools.Loggers.CreateLogger<EndpointGroup>();
    private readonly Lock _gate = new();
    private int _stamp;
    private volatile EndpointSet? _inForce;

    /// <summary>Where the requests of the revision are counted; with the settings, what tells groups apart.</summary>
    public RevisionCounters Counters => counters;

    public ArmSettings Settings => settings;

    public EndpointTools Tools => tools;

    /// <summary>Differs after every change of what is ready.</summary>
    public int Stamp => Volatile.Read(ref _stamp);

    /// <summary>The set that traffic uses, or null when none does.</summary>
    public EndpointSet? InForce
    {
        get => _inForce;
        set => _inForce = value;
    }

    public void Changed() => Interlocked.Increment(ref _stamp);

    /// <summary>Changes an endpoint's state; one change in the group at a time.</summary>
    public void Change(Action change)
    {
        lock (_gate)
            change();
    }

    /// <summary>Takes an endpoint out for a pause, unless it is out or the floor forbids it.</summary>
    /// <returns>Whether it is out now.</returns>
    public bool Eject(Endpoint endpoint, EjectionCause cause, int failures)
    {
        TimeSpan pause;
        lock (_gate)
        {
            if (endpoint.State.IsEjected)
                return true;
            if (cause == EjectionCause.Failures && !MayEject(endpoint))
                return false;
            pause = endpoint.State.Eject(cause, failures);
        }

        tools.Agenda.After(pause, () => Return(endpoint));
        if (cause == EjectionCause.Unreachable)
            LogUnreachable(counters.Route, counters.Revision, endpoint.Address, endpoint.Prefix, failures, pause.TotalSeconds);
        else
            LogFailing(counters.Route, counters.Revision, endpoint.Address, endpoint.Prefix, failures, pause.TotalSeconds);
        return true;
    }

    private bool MayEject(Endpoint endpoint)
    {
        if (_inForce is not { } set)
            return false;
        var (all, ejected, others) = (0, 0, false);
        foreach (var one in set.All)
        {
            all++;
            if (one.State.IsEjected)
                ejected++;
            others |= one.IsReady && one != endpoint;
        }

        return others && (ejected + 1) * 100 <= settings.Outliers.MaxEjectedPercent * all;
    }

    private void Return(Endpoint endpoint)
    {
        lock (_gate)
            endpoint.State.Return();
        LogReturned(counters.Route, counters.Revision, endpoint.Address, endpoint.Prefix);
    }

    [LoggerMessage(Level = LogLevel.Warning, Message =
        "Route {Route}, revision {Revision}: {Address} ({Prefix}) could not be reached {Failures} times in a row; it gets no requests for {Pause} s. See whether it runs and listens there.")]
    private partial void LogUnreachable(string route, string revision, string address, string prefix, int failures, double pause);

    [LoggerMessage(Level = LogLevel.Warning, Message =
        "Route {Route}, revision {Revision}: {Failures} requests in a row failed at {Address} ({Prefix}); it gets none for {Pause} s. See its log, and whether what it needs is up.")]
    private partial void LogFailing(string route, string revision, string address, string prefix, int failures, double pause);

    [LoggerMessage(Level = LogLevel.Information, Message = "Route {Route}, revision {Revision}: {Address} ({Prefix}) may get requests again.")]
    private partial void LogReturned(string route, string revision, string address, string prefix);
}
