using System.Collections.Concurrent;
using System.Net;
using MeshCanary.Proxy.Transport;

namespace MeshCanary.Proxy.Upstreams;

/// <summary>
/// Looks after the connections of all pools: one timer closes the idle and breaks off the silent ones, so that no exchange
/// needs a timer of its own. A pool that nobody uses any more goes when its last connection has.
/// </summary>
internal sealed class Http1Upstreams : IDisposable
{
    /// <summary>Below the five seconds after which common servers close an idle connection.</summary>
    public static readonly TimeSpan IdleLimit = TimeSpan.FromSeconds(3);

    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan ShortestPause = TimeSpan.FromMilliseconds(50);

    private readonly ConcurrentDictionary<Http1Pool, byte> _pools = [];
    private readonly ITimer _timer;
    private volatile bool _closed;

    /// <param name="connect">How long a connection may take.</param>
    /// <param name="silence">Longest time that neither side of an exchange may say anything; kept to within a quarter, and a second at most.</param>
    /// <param name="time">The clock.</param>
    /// <param name="onLoops">Whether connections are watched by our loops, where there are some.</param>
    public Http1Upstreams(ConnectLimits connect, TimeSpan silence, TimeProvider time, bool onLoops = true)
    {
        (Connect, Silence, Time) = (connect, silence, time);
        OnLoops = onLoops && EpollLoops.AreSupported;
        var pause = TimeSpan.FromTicks(Math.Clamp(silence.Ticks / 4, ShortestPause.Ticks, LongestPause.Ticks));
        _timer = time.CreateTimer(_ => Sweep(), null, pause, pause);
    }

    public ConnectLimits Connect { get; }

    public TimeSpan Silence { get; }

    public TimeProvider Time { get; }

    /// <summary>Whether connections are watched by our loops.</summary>
    public bool OnLoops { get; }

    /// <summary>Whether connections are not kept any more.</summary>
    public bool IsClosed => _closed;

    /// <summary>The pool for an address; null when it is one for another protocol.</summary>
    /// <param name="address">Absolute; a host name in it has been resolved.</param>
    /// <param name="authority">The <c>Host</c> for a request that names none.</param>
    public Http1Pool? For(Uri address, string authority) =>
        address.Scheme == Uri.UriSchemeHttp && address.PathAndQuery == "/" && IPAddress.TryParse(address.DnsSafeHost, out var ip)
            ? new Http1Pool(new IPEndPoint(ip, address.Port), authority, this)
            : null;

    /// <summary>A pool has a connection.</summary>
    public void Watch(Http1Pool pool) => _pools.TryAdd(pool, 0);

    /// <summary>Closes what is idle. What is under way ends as it will, and is not kept.</summary>
    public void Dispose()
    {
        _closed = true;
        _timer.Dispose();
        foreach (var (pool, _) in _pools)
            pool.CloseIdle(_ => true);
    }

    private void Sweep()
    {
        var now = Time.GetTimestamp();
        foreach (var (pool, _) in _pools)
        {
            if (pool.Sweep(now))
                continue;
            _pools.TryRemove(pool, out _);
            // A connection may have come in between.
            if (pool.Count > 0)
                Watch(pool);
        }
    }
}
