using System.Net;
using System.Net.NetworkInformation;
using System.Net.Sockets;

namespace MeshCanary.Proxy.Tests.Harness;

/// <summary>A port that answers no attempt to connect, neither yes nor no, as the address of a pod that is gone does.</summary>
internal sealed class SilentPort : IDisposable
{
    private readonly Socket _listener = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
    private readonly List<Socket> _fillers = [];
    private readonly CancellationTokenSource _end = new();

    public SilentPort()
    {
        _listener.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        // The system drops what comes to a full queue. It has room for one; the others are there in case it has a little more.
        _listener.Listen(0);
        var first = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        _fillers.Add(first);
        first.Connect(_listener.LocalEndPoint!);
        for (var i = 0; i < 3; i++)
        {
            var filler = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
            _fillers.Add(filler);
            _ = filler.ConnectAsync(_listener.LocalEndPoint!, _end.Token).AsTask().ContinueWith(_ => { }, TaskScheduler.Default);
        }
    }

    public string Address => $"http://127.0.0.1:{Port}";

    private int Port => ((IPEndPoint)_listener.LocalEndPoint!).Port;

    /// <summary>How many try to connect at this moment, beside the port's own.</summary>
    public int Waiting => IPGlobalProperties.GetIPGlobalProperties().GetActiveTcpConnections()
        .Count(one => one.State == TcpState.SynSent && one.RemoteEndPoint.Port == Port && !_fillers.Exists(filler => Equals(filler.LocalEndPoint, one.LocalEndPoint)));

    /// <summary>From now on everybody is answered with <see cref="RawBackend.Ok"/>.</summary>
    public async Task OpenAsync()
    {
        try
        {
            while (!_end.IsCancellationRequested)
                _ = AnswerAsync(await _listener.AcceptAsync(_end.Token));
        }
        catch (OperationCanceledException)
        {
            // It was disposed of.
        }
    }

    public void Dispose()
    {
        _end.Cancel();
        _fillers.ForEach(filler => filler.Dispose());
        _listener.Dispose();
        _end.Dispose();
    }

    private async Task AnswerAsync(Socket accepted)
    {
        using var connection = accepted;
        try
        {
            var request = new byte[4096];
            while (await connection.ReceiveAsync(request, _end.Token) > 0)
                await connection.SendAsync(System.Text.Encoding.ASCII.GetBytes(RawBackend.Ok), _end.Token);
        }
        catch (Exception failure) when (failure is SocketException or OperationCanceledException)
        {
            // The other side, or the test, has ended it.
        }
    }
}
