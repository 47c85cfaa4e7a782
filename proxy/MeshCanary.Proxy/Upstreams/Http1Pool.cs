using System.Net;
using System.Net.Sockets;
using MeshCanary.Proxy.Transport;

namespace MeshCanary.Proxy.Upstreams;

/// <summary>Connections to one endpoint that speaks HTTP/1.1 without TLS. Any thread.</summary>
/// <param name="endpoint">Where it listens.</param>
/// <param name="authority">The <c>Host</c> for a request that names none.</param>
/// <param name="upstreams">What looks after all pools.</param>
internal sealed class Http1Pool(IPEndPoint endpoint, string authority, Http1Upstreams upstreams)
{
    // A connection that was used a moment ago is not looked at: under load that is nearly all of them.
    private static readonly TimeSpan WorthALook = TimeSpan.FromMilliseconds(1);

    private readonly Lock _gate = new();
    private readonly HashSet<Http1Connection> _all = [];
    private readonly IdleStack[] _idle = [.. Enumerable.Range(0, Environment.ProcessorCount).Select(_ => new IdleStack())];

    /// <summary>The <c>Host</c> for a request that names none.</summary>
    public string Authority => authority;

    public TimeProvider Time => upstreams.Time;

    /// <summary>How many connections there are, idle or not.</summary>
    public int Count
    {
        get
        {
            lock (_gate)
                return _all.Count;
        }
    }

    /// <summary>An idle connection that has not ended yet, as far as one can see; null when there is none. Its exchange has begun.</summary>
    /// <param name="idle">How long it had been idle.</param>
    public Http1Connection? TryTake(out TimeSpan idle)
    {
        var own = EpollLoops.Current?.Index ?? Thread.GetCurrentProcessorId();
        for (var i = 0; i < _idle.Length; i++)
        {
            var stack = _idle[(own + i) % _idle.Length];
            while (stack.TryPop() is { } connection)
            {
                idle = upstreams.Time.GetElapsedTime(connection.LastByte);
                if (!connection.IsSpent && (idle < WorthALook || !connection.IsReadable))
                {
                    connection.Begin();
                    return connection;
                }

                connection.Dispose();
            }
        }

        idle = default;
        return null;
    }

    /// <summary>Opens a connection and begins its exchange.</summary>
    /// <param name="mayGoElsewhere">Whether the request has another endpoint to try when there is none in time.</param>
    /// <param name="cancellationToken">Ends the attempt.</param>
    /// <exception cref="SocketException">Nothing listens there.</exception>
    /// <exception cref="TimeoutException">It took too long.</exception>
    /// <exception cref="OperationCanceledException">It was cancelled.</exception>
    public async Task<Http1Connection> OpenAsync(bool mayGoElsewhere, CancellationToken cancellationToken)
    {
        var longest = upstreams.Connect.For(mayGoElsewhere);
        using var patience = new CancellationTokenSource(longest, upstreams.Time);
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(patience.Token, cancellationToken);
        UpstreamSocket socket;
        try
        {
            socket = await UpstreamSocket.ConnectAsync(endpoint, upstreams.OnLoops, limit.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException fault) when (!cancellationToken.IsCancellationRequested)
        {
            throw new TimeoutException($"No connection to {endpoint} within {longest.TotalSeconds} s.", fault);
        }

        var connection = new Http1Connection(socket, this, upstreams.Time);
        connection.Begin();
        lock (_gate)
            _all.Add(connection);
        upstreams.Watch(this);
        return connection;
    }

    /// <summary>Takes a connection back whose response was read to its end.</summary>
    /// <param name="connection">Not to be used any more.</param>
    /// <param name="keep">Whether the upstream keeps it open.</param>
    public void Return(Http1Connection connection, bool keep)
    {
        if (keep && connection.End() && !upstreams.IsClosed)
            _idle[(connection.Loop?.Index ?? Thread.GetCurrentProcessorId()) % _idle.Length].Push(connection);
        else
            connection.Dispose();
    }

    /// <summary>Closes what has been idle for too long, and breaks off what has been silent for too long.</summary>
    /// <returns>Whether there are still connections to look after.</returns>
    public bool Sweep(long now)
    {
        CloseIdle(connection => connection.IsSpent || upstreams.Time.GetElapsedTime(connection.LastByte, now) >= Http1Upstreams.IdleLimit);
        Http1Connection[] all;
        lock (_gate)
            all = [.. _all];
        foreach (var connection in all)
            connection.AbortIfSilent(upstreams.Silence, now);
        return all.Length > 0;
    }

    /// <summary>Closes idle connections for which the test holds.</summary>
    public void CloseIdle(Func<Http1Connection, bool> test)
    {
        foreach (var stack in _idle)
        {
            foreach (var connection in stack.Take(test))
                connection.Dispose();
        }
    }

    /// <summary>How many idle connections cannot be used any more, though nobody has noticed yet.</summary>
    internal int CountSpent() => _idle.Sum(stack => stack.Count(connection => connection.IsSpent));

    /// <summary>A connection has been closed.</summary>
    public void Forget(Http1Connection connection)
    {
        lock (_gate)
            _all.Remove(connection);
    }
}
