using MeshCanary.Proxy.Recording;
using MeshCanary.Proxy.Upstreams;

namespace MeshCanary.Proxy.Endpoints;

/// <summary>
/// One concrete address that requests may be sent to. A request picks it, calls <see cref="Begin"/>, and <see cref="End"/>
/// in any case. Any thread.
/// </summary>
internal sealed class Endpoint
{
    private readonly EndpointGroup _group;
    private InFlightCount _inFlight;
    // Read at the end of each request and written only when one fails: while all is well the line stays shared.
    private int _unreachableInARow;
    private int _failuresInARow;

    /// <param name="address">As the snapshot says it.</param>
    /// <param name="prefix">Absolute address that requests are sent to, without a name to resolve.</param>
    /// <param name="counters">Where its requests are counted; shared by the addresses of a host name.</param>
    /// <param name="client">Connections to it.</param>
    /// <param name="group">The arm's endpoints.</param>
    /// <param name="obstacle">Why it is not ready from the first; empty when it is.</param>
    /// <param name="plan">How it is probed, or null for not at all.</param>
    public Endpoint(
        string address, string prefix, EndpointCounters counters, UpstreamClient client, EndpointGroup group, string obstacle = "", ProbePlan? plan = null)
    {
        (Address, Prefix, Counters, Client, _group) = (address, prefix, counters, client, group);
        Authority = new Uri(address).Authority;
        State = new EndpointState(group, obstacle);
        Probing = plan is null ? null : new EndpointProber(this, plan, group);
    }

    /// <summary>As the snapshot says it; counts are reported under it.</summary>
    public string Address { get; }

    /// <summary>What paths are appended to: scheme, address and port, and the path of the snapshot's address.</summary>
    public string Prefix { get; }

    /// <summary>The <c>Host</c> for a request that names none.</summary>
    public string Authority { get; }

    public EndpointCounters Counters { get; }

    /// <summary>Connections to it, and the version of HTTP that it is spoken to in.</summary>
    public UpstreamClient Client { get; }

    /// <summary>Connections for HTTP/1.1 without TLS; null when it is spoken to in another way, or by another path.</summary>
    public Http1Pool? Http1 { get; init; }

    /// <summary>Whether it gets requests.</summary>
    public bool IsReady => State.IsReady;

    /// <summary>Why it gets none, in words; empty when it does.</summary>
    public string Obstacle => State.Obstacle;

    public int InFlight => _inFlight.Value;

    /// <summary>Whether the last that was heard of it is that it could not be reached.</summary>
    public bool IsDoubtful => Volatile.Read(ref _unreachableInARow) > 0;

    /// <summary>Its health; changed by probes and ejections.</summary>
    internal EndpointState State { get; }

    /// <summary>Its probes, or null when there are none.</summary>
    internal EndpointProber? Probing { get; }

    public void Begin() => _inFlight.Begin();

    /// <summary>Ends what <see cref="Begin"/> began.</summary>
    public void End(EndpointResult result)
    {
        _inFlight.End();
        switch (result)
        {
            case EndpointResult.Answered:
                Reset(ref _unreachableInARow);
                Reset(ref _failuresInARow);
                State.Answered();
                break;
            case EndpointResult.Failed:
                Reset(ref _unreachableInARow);
                CountFailure();
                break;
            case EndpointResult.Unreachable:
                if (!CountUnreachable())
                    CountFailure();
                break;
        }
    }

    private static void Reset(ref int count)
    {
        if (Volatile.Read(ref count) != 0)
            Volatile.Write(ref count, 0);
    }

    private bool CountUnreachable()
    {
        var inARow = Interlocked.Increment(ref _unreachableInARow);
        return inARow >= _group.Settings.Outliers.Unreachable && _group.Eject(this, EjectionCause.Unreachable, inARow);
    }

    private void CountFailure()
    {
        var limit = _group.Settings.Outliers.Failures;
        if (limit == 0)
            return;
        var inARow = Interlocked.Increment(ref _failuresInARow);
        if (inARow >= limit)
            _group.Eject(this, EjectionCause.Failures, inARow);
    }
}
