using System.Buffers.Binary;
using System.Net.Sockets;
using System.Text;

namespace MeshCanary.Proxy.Tests.Harness;

/// <summary>An HTTP/2 client that sends the very frames it is told and notes what comes back.</summary>
internal sealed class RawHttp2Connection : IAsyncDisposable
{
    private readonly Lock _gate = new();
    private readonly Dictionary<int, string> _streams = [];
    private readonly Dictionary<int, string> _bodies = [];
    private readonly TcpClient _client = new() { NoDelay = true };
    private Task _reading = Task.CompletedTask;

    /// <summary>Whether the proxy has closed the connection, with a word or without.</summary>
    public bool IsClosed => _reading.IsCompleted;

    public static async Task<RawHttp2Connection> OpenAsync(TestProxy proxy, CancellationToken cancellation)
    {
        var connection = new RawHttp2Connection();
        await connection._client.ConnectAsync(proxy.Server.Listen, cancellation);
        await connection.SendAsync("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"u8.ToArray(), cancellation);
        await connection.SendAsync(new Http2Frame(Http2Frame.Settings, 0, 0, "").ToBytes(), cancellation);
        connection._reading = connection.ReadAllAsync(cancellation);
        return connection;
    }

    /// <summary>What became of a stream (a status or "reset"), or of the connection for stream 0 ("goaway"); null so far for nothing.</summary>
    public string? Outcome(int stream)
    {
        lock (_gate)
            return _streams.GetValueOrDefault(stream);
    }

    /// <summary>What has come of a stream's body.</summary>
    public string Body(int stream)
    {
        lock (_gate)
            return _bodies.GetValueOrDefault(stream, "");
    }

    /// <summary>Sends bytes. A proxy that has closed already is no fault here.</summary>
    public async Task SendAsync(ReadOnlyMemory<byte> bytes, CancellationToken cancellation)
    {
        try
        {
            await _client.GetStream().WriteAsync(bytes, cancellation);
        }
        catch (IOException)
        {
            // It had enough before all of it was sent.
        }
    }

    public async ValueTask DisposeAsync()
    {
        _client.Dispose();
        await _reading.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    private async Task ReadAllAsync(CancellationToken cancellation)
    {
        var stream = _client.GetStream();
        var head = new byte[Http2Frame.HeadLength];
        try
        {
            while (true)
            {
                await stream.ReadExactlyAsync(head, cancellation);
                var payload = new byte[BinaryPrimitives.ReadInt32BigEndian(head) >>> 8];
                await stream.ReadExactlyAsync(payload, cancellation);
                Note(new Http2Frame(head[3], head[4], BinaryPrimitives.ReadInt32BigEndian(head.AsSpan(5)), Encoding.Latin1.GetString(payload)));
            }
        }
        catch (Exception ended) when (ended is IOException or ObjectDisposedException)
        {
            // The end of the connection, by either side.
        }
    }

    private void Note(Http2Frame frame)
    {
        lock (_gate)
        {
            if (frame.Type == Http2Frame.Headers)
                _streams.TryAdd(frame.Stream, $"{frame.Status()}");
            else if (frame.Type == Http2Frame.Data)
                _bodies[frame.Stream] = _bodies.GetValueOrDefault(frame.Stream, "") + frame.Payload;
            else if (frame.Type == Http2Frame.Reset)
                _streams.TryAdd(frame.Stream, "reset");
            else if (frame.Type == Http2Frame.GoAway)
                _streams.TryAdd(0, "goaway");
        }
    }
}
