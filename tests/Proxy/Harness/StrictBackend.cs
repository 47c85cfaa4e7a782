using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace MeshCanary.Proxy.Tests.Harness;

/// <summary>
/// An upstream that reads whole requests and notes whatever should not have reached it. Its answer names the target
/// that was asked for, so that an answer in the wrong place is seen.
/// </summary>
internal sealed class StrictBackend : IAsyncDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _stop = new();
    private readonly ConcurrentBag<Task> _connections = [];
    private readonly Func<RawMessage, string?> _answer;
    private readonly Task _accepting;
    private int _accepted;

    /// <param name="answer">The bytes for a request, or null to close the connection; when left out, the target of the request.</param>
    public StrictBackend(Func<RawMessage, string?>? answer = null)
    {
        _answer = answer ?? Echo;
        _listener.Start();
        Address = $"http://127.0.0.1:{((IPEndPoint)_listener.LocalEndpoint).Port}";
        _accepting = AcceptAsync();
    }

    public string Address { get; }

    /// <summary>Connections so far.</summary>
    public int Accepted => Volatile.Read(ref _accepted);

    /// <summary>Requests, also those that broke off.</summary>
    public ConcurrentQueue<RawMessage> Requests { get; } = [];

    /// <summary>What arrived and was no request.</summary>
    public ConcurrentQueue<string> Faults { get; } = [];

    public static string Echo(RawMessage request) =>
        $"HTTP/1.1 200 OK\r\nContent-Length: {request.Target.Length}\r\n\r\n{(request.StartLine.StartsWith("HEAD ", StringComparison.Ordinal) ? "" : request.Target)}";

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        _listener.Stop();
        await _accepting.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        await Task.WhenAll(_connections).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _listener.Dispose();
        _stop.Dispose();
    }

    private async Task AcceptAsync()
    {
        while (true)
        {
            var client = await _listener.AcceptTcpClientAsync(_stop.Token);
            Interlocked.Increment(ref _accepted);
            _connections.Add(ServeAsync(client));
        }
    }

    private async Task ServeAsync(TcpClient client)
    {
        using var closing = client;
        var stream = client.GetStream();
        var reader = new MessageReader(stream);
        try
        {
            while (await reader.ReadAsync(bodyless: null, _stop.Token) is { } request)
            {
                Requests.Enqueue(request);
                if (!request.IsWhole || _answer(request) is not { } answer)
                    return;
                await stream.WriteAsync(Encoding.Latin1.GetBytes(answer), _stop.Token);
                if (answer.Contains("Connection: close", StringComparison.Ordinal))
                    return;
            }
        }
        catch (InvalidDataException fault)
        {
            Faults.Enqueue(fault.Message);
        }
    }
}
