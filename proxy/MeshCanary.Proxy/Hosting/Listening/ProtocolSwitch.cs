using System.Buffers;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Connections.Features;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Server.Kestrel.Core;

namespace MeshCanary.Proxy.Hosting.Listening;

/// <summary>
/// HTTP/1.1 and HTTP/2 without TLS on one port. The server speaks one of them per cleartext endpoint; here the public
/// endpoint speaks HTTP/1.1, and a connection that opens with the HTTP/2 preface is handed, nothing consumed, to the
/// pipeline of a second endpoint that speaks HTTP/2 and has no connections of its own.
/// </summary>
internal sealed class ProtocolSwitch(TimeProvider time)
{
    // A client that has connected is about to speak: at the server's end it is heard before it is turned away.
    private static readonly TimeSpan LastWords = TimeSpan.FromSeconds(1);

    private ConnectionDelegate? _http2;
    private KestrelServerLimits? _limits;

    private static ReadOnlySpan<byte> Preface => "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"u8;

    /// <summary>Sets up both endpoints.</summary>
    public void Listen(KestrelServerOptions server, HandOverEndPoint endpoint)
    {
        _limits = server.Limits;
        // The second endpoint first: endpoints start in order, and its pipeline must be known when the first client comes.
        server.Listen(new HandOverEndPoint("HTTP/2"), options =>
        {
            options.Protocols = HttpProtocols.Http2;
            options.Use(next =>
            {
                _http2 = next;
                return next;
            });
        });

        server.Listen(endpoint, options =>
        {
            options.Protocols = HttpProtocols.Http1;
            options.Use(http1 => connection => connection.Features.GetRequiredFeature<PortConnection>()
                .ServeAsync(connection, it => ServeAsync(it, http1)));
        });
    }

    /// <summary>
    /// Passes a connection on when its first bytes are there: the server, at its end, closes one that it has read nothing
    /// of, also when a request is under way.
    /// </summary>
    public async Task HearAsync(ConnectionContext connection, ConnectionDelegate next)
    {
        if (await IsHttp2Async(connection) is not null)
            await next(connection);
    }

    private async Task ServeAsync(ConnectionContext connection, ConnectionDelegate http1)
    {
        var isHttp2 = await IsHttp2Async(connection);
        if (isHttp2 is null)
            return;
        if (isHttp2.Value)
            connection.Features.GetRequiredFeature<PortConnection>().HasPreface();
        await (isHttp2.Value ? _http2! : http1)(connection);
    }

    /// <summary>Looks at the first bytes; null when the connection ended or said nothing for too long.</summary>
    private async Task<bool?> IsHttp2Async(ConnectionContext connection)
    {
        var input = connection.Transport.Input;
        using var patience = new CancellationTokenSource(_limits!.KeepAliveTimeout, time);
        // A connection that has not said anything must not hold up the server's end.
        var stopping = connection.Features.Get<IConnectionLifetimeNotificationFeature>()?.ConnectionClosedRequested ?? default;
        await using var end = stopping.UnsafeRegister(static it => ((CancellationTokenSource)it!).CancelAfter(LastWords), patience);
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(patience.Token, connection.ConnectionClosed);
        var begun = false;
        try
        {
            while (true)
            {
                var read = await input.ReadAsync(limit.Token);
                var verdict = Judge(read.Buffer);
                if (verdict is not null || read.IsCompleted)
                {
                    // Nothing consumed, nothing examined: the next reader sees all of it at once.
                    input.AdvanceTo(read.Buffer.Start);
                    return verdict ?? (read.Buffer.IsEmpty ? null : false);
                }

                // Once, not with every byte: a client that lets them drip has no more time than any other.
                if (!begun && !read.Buffer.IsEmpty)
                {
                    begun = true;
                    patience.CancelAfter(_limits.RequestHeadersTimeout);
                }

                input.AdvanceTo(read.Buffer.Start, read.Buffer.End);
            }
        }
        catch (Exception ended) when (ended is OperationCanceledException or IOException)
        {
            return null;
        }
    }

    /// <summary>True or false as soon as the bytes tell, null while they could still become the preface.</summary>
    internal static bool? Judge(in ReadOnlySequence<byte> bytes)
    {
        Span<byte> head = stackalloc byte[Preface.Length];
        var length = (int)Math.Min(bytes.Length, Preface.Length);
        bytes.Slice(0, length).CopyTo(head);
        if (!Preface.StartsWith(head[..length]))
            return false;
        return length == Preface.Length ? true : null;
    }
}
