using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace MeshCanary.Proxy.Tests.Upstreams;

/// <summary>An upstream that answers every request with the same bytes, in pieces if told so, and notes what it was sent.</summary>
internal sealed class ScriptedBackend : IAsyncDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _stop = new();
    private readonly byte[] _answer;
    private readonly ConcurrentStack<NetworkStream> _streams = [];
    private readonly ConcurrentBag<Task> _serving = [];
    private readonly Task _accepting;

    public ScriptedBackend(string answer)
    {
        _answer = Encoding.Latin1.GetBytes(answer);
        _listener.Start();
        Address = $"http://127.0.0.1:{((IPEndPoint)_listener.LocalEndpoint).Port}";
        _accepting = AcceptAsync();
    }

    public string Address { get; }

    /// <summary>Whether the connection ends behind the answer.</summary>
    public bool CloseAfter { get; init; }

    /// <summary>Where the answer is cut.</summary>
    public IReadOnlyList<int> Cuts { get; set; } = [];

    public int Connections => _streams.Count;

    /// <summary>The heads of requests.</summary>
    public ConcurrentQueue<string> Heads { get; } = [];

    /// <summary>Says something on the newest connection.</summary>
    public async Task SayAsync(string text)
    {
        _streams.TryPeek(out var stream);
        await stream!.WriteAsync(Encoding.Latin1.GetBytes(text), _stop.Token);
    }

    /// <summary>Ends the newest connection.</summary>
    public void Hang()
    {
        _streams.TryPeek(out var stream);
        stream!.Socket.Shutdown(SocketShutdown.Send);
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        _listener.Stop();
        await _accepting.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        await Task.WhenAll(_serving).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _listener.Dispose();
        _stop.Dispose();
    }

    private async Task AcceptAsync()
    {
        while (true)
            _serving.Add(ServeAsync(await _listener.AcceptTcpClientAsync(_stop.Token)));
    }

    private async Task ServeAsync(TcpClient client)
    {
        using var closing = client;
        client.NoDelay = true;
        var stream = client.GetStream();
        _streams.Push(stream);
        while (await HeadAsync(stream) is { } head)
        {
            Heads.Enqueue(head);
            var start = 0;
            foreach (var cut in Cuts.Append(_answer.Length))
            {
                await stream.WriteAsync(_answer.AsMemory(start, cut - start), _stop.Token);
                await Task.Yield();
                start = cut;
            }

            if (CloseAfter)
                return;
        }
    }

    private async Task<string?> HeadAsync(NetworkStream stream)
    {
        var head = new StringBuilder();
        var one = new byte[1];
        while (!head.ToString().EndsWith("\r\n\r\n", StringComparison.Ordinal))
        {
            if (await stream.ReadAsync(one, _stop.Token) == 0)
                return null;
            head.Append((char)one[0]);
        }

        return head.ToString();
    }
}
