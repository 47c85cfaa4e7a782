using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;

namespace MeshCanary.Cluster.Tests.Machinery;

/// <summary>A way to the API server that a test can cut, or make silent: bytes are passed on as they are, so that TLS goes through.</summary>
internal sealed class CuttableWay : IAsyncDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _stop = new();
    private readonly ConcurrentBag<Socket> _open = [];
    private readonly ConcurrentDictionary<Socket, bool> _silent = new();
    private readonly IPEndPoint _server;
    private readonly Task _run;

    public CuttableWay(Uri server)
    {
        _server = new IPEndPoint(IPAddress.Parse(server.Host), server.Port);
        _listener.Start();
        Address = new UriBuilder(server) { Host = "127.0.0.1", Port = ((IPEndPoint)_listener.LocalEndpoint).Port }.Uri;
        _run = AcceptAsync();
    }

    public Uri Address { get; }

    /// <summary>New connections are closed at once.</summary>
    public bool IsClosed { get; set; }

    /// <summary>What is sent on connections that are open now gets lost without a word.</summary>
    public void Silence()
    {
        foreach (var socket in _open)
            _silent[socket] = true;
    }

    /// <summary>Breaks the connections that are open now.</summary>
    public void Cut()
    {
        while (_open.TryTake(out var socket))
            socket.Dispose();
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        _listener.Dispose();
        Cut();
        await _run;
        _stop.Dispose();
    }

    private async Task AcceptAsync()
    {
        try
        {
            while (true)
            {
                var client = await _listener.AcceptSocketAsync(_stop.Token);
                if (IsClosed)
                    client.Dispose();
                else
                    _ = JoinAsync(client);
            }
        }
        catch (Exception error) when (error is OperationCanceledException or SocketException or ObjectDisposedException)
        {
            // The end of the test.
        }
    }

    private async Task JoinAsync(Socket client)
    {
        var server = new Socket(SocketType.Stream, ProtocolType.Tcp);
        _open.Add(client);
        _open.Add(server);
        try
        {
            await server.ConnectAsync(_server, _stop.Token);
            await Task.WhenAny(PumpAsync(client, server), PumpAsync(server, client));
        }
        catch (Exception error) when (error is OperationCanceledException or SocketException or ObjectDisposedException)
        {
            // Cut, by either side.
        }
        finally
        {
            client.Dispose();
            server.Dispose();
        }
    }

    private async Task PumpAsync(Socket from, Socket to)
    {
        var buffer = new byte[64 * 1024];
        while (await from.ReceiveAsync(buffer, _stop.Token) is > 0 and var count)
        {
            if (!_silent.ContainsKey(from))
                await to.SendAsync(buffer.AsMemory(0, count), _stop.Token);
        }
    }
}
