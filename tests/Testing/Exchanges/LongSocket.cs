using System.Net.WebSockets;

namespace MeshCanary.Testing.Exchanges;

/// <summary>A WebSocket on which every message is echoed.</summary>
public sealed class LongSocket : ILongExchange
{
    private readonly ClientWebSocket _socket;
    private int _next;

    private LongSocket(ClientWebSocket socket)
    {
        _socket = socket;
        Reply = new Reply(First("x-version"), First(ConversingBackend.EndpointHeader), Outcome.Success);
    }

    /// <inheritdoc/>
    public Reply Reply { get; }

    /// <summary>Opens one.</summary>
    /// <param name="entrance">The entrance, http.</param>
    /// <param name="header">A header to send, or null.</param>
    /// <param name="cancellation">Ends the attempt.</param>
    public static async Task<LongSocket> OpenAsync(Uri entrance, (string Name, string Value)? header = null, CancellationToken cancellation = default)
    {
        var socket = new ClientWebSocket { Options = { CollectHttpResponseDetails = true } };
        try
        {
            if (header is { } extra)
                socket.Options.SetRequestHeader(extra.Name, extra.Value);
            var address = new UriBuilder(new Uri(entrance, "socket")) { Scheme = "ws" };
            await socket.ConnectAsync(address.Uri, cancellation);
            return new LongSocket(socket);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    /// <inheritdoc/>
    public async Task CheckAsync(CancellationToken cancellation = default)
    {
        var message = BitConverter.GetBytes(_next++);
        await _socket.SendAsync(message, WebSocketMessageType.Binary, endOfMessage: true, cancellation);
        var echo = new byte[16];
        var received = await _socket.ReceiveAsync(echo.AsMemory(), cancellation);
        if (received.MessageType != WebSocketMessageType.Binary || !echo.AsSpan(0, received.Count).SequenceEqual(message))
            throw new InvalidDataException($"Message {_next - 1} of the socket to {Reply.Version} was altered or not answered.");
    }

    /// <inheritdoc/>
    public Task FinishAsync(CancellationToken cancellation = default) => _socket.CloseAsync(WebSocketCloseStatus.NormalClosure, null, cancellation);

    /// <inheritdoc/>
    public void Dispose() => _socket.Dispose();

    private string First(string header) => _socket.HttpResponseHeaders?.TryGetValue(header, out var values) == true ? values.Single() : "";
}
