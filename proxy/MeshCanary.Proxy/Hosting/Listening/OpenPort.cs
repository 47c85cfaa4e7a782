using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Server.Kestrel.Transport.Sockets;
using Microsoft.Extensions.Logging;

namespace MeshCanary.Proxy.Hosting.Listening;

/// <summary>One address that clients connect to: its socket and its connections.</summary>
internal sealed partial class OpenPort : IAsyncDisposable
{
    private static readonly TimeSpan Breath = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan LongestGrace = TimeSpan.FromSeconds(5);

    private readonly ConcurrentDictionary<PortConnection, bool> _connections = new();
    private readonly CancellationTokenSource _closing = new();
    private readonly Socket _socket;
    private readonly PortSetup _setup;
    private readonly HandOverEndPoint _endpoint;
    private readonly Task _accepting;
    private Http3Port? _http3;
    private volatile bool _isDraining;

    /// <summary>Opens it.</summary>
    /// <exception cref="IOException">The address cannot be listened on; the message names it.</exception>
    public OpenPort(IPEndPoint requested, HandOverEndPoint endpoint, PortSetup setup)
    {
        (Requested, _endpoint, _setup) = (requested, endpoint, setup);
        try
        {
            _socket = SocketTransportOptions.CreateDefaultBoundListenSocket(requested);
            _socket.Listen(setup.Transport.Backlog);
        }
        catch (SocketException fault)
        {
            _socket?.Dispose();
            throw ListenFault.Describe(requested, "client traffic", fault);
        }

        Address = (IPEndPoint)_socket.LocalEndPoint!;
        _accepting = AcceptAsync();
    }

    /// <summary>What was asked for; its port may be 0.</summary>
    public IPEndPoint Requested { get; }

    /// <summary>Where it listens.</summary>
    public IPEndPoint Address { get; }

    /// <summary>Speaks HTTP/3 as well, on the UDP port of the same number.</summary>
    /// <exception cref="IOException">That cannot be listened on; the message names it.</exception>
    public async Task SpeakHttp3Async(CancellationToken cancellationToken) => _http3 = await Http3Port.OpenAsync(this, _setup, cancellationToken);

    /// <summary>Whether its connections are of the endpoint that speaks TLS.</summary>
    public bool IsFor(HandOverEndPoint endpoint) => _endpoint == endpoint;

    /// <summary>Whether its connections are to end when they can.</summary>
    public bool IsDraining => _isDraining;

    public void Add(PortConnection connection)
    {
        _connections.TryAdd(connection, true);
        // Accepted at the last moment.
        if (_isDraining)
            connection.CloseWhenTold();
    }

    public void Remove(PortConnection connection) => _connections.TryRemove(connection, out _);

    /// <summary>Takes no new connection. What the system has accepted by now is served.</summary>
    public async Task StopListeningAsync()
    {
        if (Interlocked.Exchange(ref _http3, null) is { } http3)
            await http3.StopListeningAsync();
        await _closing.CancelAsync();
        await _accepting;
    }

    /// <summary>
    /// Stops listening and lets the connections end: HTTP/2 and HTTP/3 are told at once, HTTP/1.1 with its next answer, idle ones are
    /// closed after a grace, and what is left at the limit is broken off.
    /// </summary>
    public async Task DrainAsync(TimeSpan limit, CancellationToken cancellationToken)
    {
        _isDraining = true;
        await StopListeningAsync();
        foreach (var connection in _connections.Keys)
            connection.CloseWhenTold();
        var grace = limit / 2 < LongestGrace ? limit / 2 : LongestGrace;
        await WaitAsync(grace, cancellationToken);
        foreach (var connection in _connections.Keys)
            connection.Close();
        await WaitAsync(limit - grace, cancellationToken);
        foreach (var connection in _connections.Keys)
            connection.Abort();
        await DisposeAsync();
        LogClosed(_setup.Logger, Address);
    }

    /// <summary>Stops listening; connections are not touched.</summary>
    public async ValueTask DisposeAsync()
    {
        await StopListeningAsync();
        _closing.Dispose();
    }

    private async Task WaitAsync(TimeSpan longest, CancellationToken cancellationToken)
    {
        var start = _setup.Time.GetTimestamp();
        while (!_connections.IsEmpty && _setup.Time.GetElapsedTime(start) < longest && !cancellationToken.IsCancellationRequested)
            await Task.Delay(Breath, _setup.Time, cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    private async Task AcceptAsync()
    {
        await Task.Yield();
        while (true)
        {
            try
            {
                TakeOver(await _socket.AcceptAsync(_closing.Token));
            }
            catch (OperationCanceledException)
            {
                break;
            }
            catch (SocketException fault)
            {
                // The client was gone again, or the process has no descriptor left: neither must end the port.
                LogNotAccepted(_setup.Logger, Address, fault);
                if (fault.SocketErrorCode is SocketError.TooManyOpenSockets or SocketError.NoBufferSpaceAvailable)
                    await Task.Delay(Breath, _setup.Time, _closing.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
        }

        TakeTheRest();
        _socket.Dispose();
    }

    // The system has told these clients that they are connected: closing the socket would reset them.
    private void TakeTheRest()
    {
        try
        {
            _socket.Blocking = false;
            while (true)
                TakeOver(_socket.Accept());
        }
        catch (SocketException)
        {
            // There are no more.
        }
    }

    private void TakeOver(Socket accepted)
    {
        ConnectionContext connection;
        try
        {
            accepted.NoDelay = _setup.Transport.NoDelay;
            connection = _setup.Connections.Take(accepted);
        }
        catch (IOException fault)
        {
            LogNotAccepted(_setup.Logger, Address, fault);
            return;
        }

        connection.Features.Set(new PortConnection(this));
        if (_setup.HandOver.TryHandOver(_endpoint, connection))
            return;
        connection.Abort();
        _ = connection.DisposeAsync().AsTask();
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "{Address} is closed, and so are its connections.")]
    private static partial void LogClosed(ILogger logger, IPEndPoint address);

    [LoggerMessage(Level = LogLevel.Warning, Message = "{Address} could not take a connection; it goes on listening.")]
    private static partial void LogNotAccepted(ILogger logger, IPEndPoint address, Exception fault);
}
