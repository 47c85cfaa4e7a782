using System.Collections.Concurrent;
using System.Net.WebSockets;
using MeshCanary.Testing.Backends;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;

namespace MeshCanary.Testing.Exchanges;

/// <summary>A backend for every kind of exchange, by the last part of the path. It says who it is, and knows what its clients cannot.</summary>
public sealed class ConversingBackend : IAsyncDisposable
{
    /// <summary>The header that carries <see cref="Address"/>.</summary>
    public const string EndpointHeader = "x-endpoint";

    private readonly TestBackend _backend;
    private readonly ConcurrentDictionary<Outcome, long> _hidden = new();
    private readonly TaskCompletionSource _finish = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private int _hanging;

    private ConversingBackend(TestBackend backend) => _backend = backend;

    /// <summary>The version that it says it is.</summary>
    public string Version => _backend.Version;

    /// <summary>Where it listens, as a snapshot has it.</summary>
    public string Address => $"http://{_backend.HostAndPort}";

    /// <summary>Requests that arrived.</summary>
    public long Received => _backend.Received;

    /// <summary>Requests that arrived and have not ended well: those that still run, were broken off or given up.</summary>
    public long Unfinished => _backend.Received - _backend.Served;

    /// <summary>Requests that wait for their client to go.</summary>
    public int Hanging => Volatile.Read(ref _hanging);

    /// <summary>Starts one.</summary>
    /// <param name="version">The version that it is to be.</param>
    /// <param name="grpc">Whether it speaks HTTP/2 only, as a gRPC server does.</param>
    /// <param name="port">Its port; 0 for any free one.</param>
    /// <param name="cancellation">Ends the start.</param>
    public static async Task<ConversingBackend> StartAsync(string version, bool grpc = false, int port = 0, CancellationToken cancellation = default)
    {
        var backend = new ConversingBackend(await TestBackend.StartAsync(
            new TestBackendOptions { Version = version, Protocols = grpc ? HttpProtocols.Http2 : HttpProtocols.Http1, Port = port }, cancellation));
        backend._backend.Answer = backend.AnswerAsync;
        return backend;
    }

    /// <summary>Requests that ended in a way that no client can ascribe to a version.</summary>
    public long Hidden(Outcome outcome) => _hidden.GetValueOrDefault(outcome);

    /// <summary>Lets the downloads end.</summary>
    public void FinishDownloads() => _finish.TrySetResult();

    /// <summary>Closes the port; what is in flight ends as it would.</summary>
    public Task StopAsync(CancellationToken cancellation = default) => _backend.StopAsync(cancellation);

    /// <summary>Closes the port and drops every connection.</summary>
    public Task AbortAsync() => _backend.AbortAsync();

    /// <summary>Listens again on the same port.</summary>
    public Task RestartAsync(CancellationToken cancellation = default) => _backend.RestartAsync(cancellation);

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => _backend.DisposeAsync();

    private async Task AnswerAsync(HttpContext context)
    {
        context.Response.Headers[EndpointHeader] = Address;
        var path = context.Request.Path.Value ?? "";
        var work = path[(path.LastIndexOf('/') + 1)..] switch
        {
            "get" or "ready" => context.Response.WriteAsync(Version, context.RequestAborted),
            "echo" => EchoAsync(context),
            "slow" => BackendAnswers.After(TimeSpan.FromMilliseconds(300), inner => inner.Response.WriteAsync(Version, inner.RequestAborted))(context),
            "fail" => BackendAnswers.Status(StatusCodes.Status500InternalServerError)(context),
            "break" => BreakAsync(context),
            "hang" => HangAsync(context),
            "download" => DownloadAsync(context),
            "socket" => SocketAsync(context),
            "Say" => SayAsync(context),
            "Chat" => ChatAsync(context),
            _ => BackendAnswers.Status(StatusCodes.Status404NotFound)(context),
        };
        await work;
    }

    // An answer that begins while the body is still read is not what is asked of a proxy here.
    private static async Task EchoAsync(HttpContext context)
    {
        var body = new MemoryStream();
        await context.Request.Body.CopyToAsync(body, context.RequestAborted);
        context.Response.ContentLength = body.Length;
        await context.Response.Body.WriteAsync(body.GetBuffer().AsMemory(0, (int)body.Length), context.RequestAborted);
    }

    private async Task BreakAsync(HttpContext context)
    {
        await context.Request.Body.CopyToAsync(Stream.Null, context.RequestAborted);
        Count(Outcome.ConnectionFailure);
        context.Abort();
    }

    private async Task HangAsync(HttpContext context)
    {
        await context.Request.Body.CopyToAsync(Stream.Null, context.RequestAborted);
        Interlocked.Increment(ref _hanging);
        await BackendAnswers.Hang(context);
        Interlocked.Decrement(ref _hanging);
        Count(Outcome.GivenUp);
    }

    private async Task DownloadAsync(HttpContext context)
    {
        for (var line = 0; !_finish.Task.IsCompleted && !context.RequestAborted.IsCancellationRequested; line++)
        {
            await context.Response.WriteAsync(FormattableString.Invariant($"{line}\n"), context.RequestAborted);
            await Task.WhenAny(_finish.Task, Task.Delay(TimeSpan.FromMilliseconds(20), TimeProvider.System, CancellationToken.None));
        }

        await context.Response.WriteAsync("end\n", context.RequestAborted);
    }

    private static async Task SocketAsync(HttpContext context)
    {
        using var socket = await context.WebSockets.AcceptWebSocketAsync();
        var buffer = new byte[1024];
        while (await socket.ReceiveAsync(buffer, context.RequestAborted) is { MessageType: not WebSocketMessageType.Close } received)
            await socket.SendAsync(buffer.AsMemory(0, received.Count), received.MessageType, received.EndOfMessage, context.RequestAborted);
        await socket.CloseAsync(WebSocketCloseStatus.NormalClosure, null, context.RequestAborted);
    }

    private static async Task SayAsync(HttpContext context)
    {
        context.Response.ContentType = GrpcFrames.ContentType;
        var message = await GrpcFrames.ReadAsync(context.Request.Body, context.RequestAborted) ?? [];
        if (!message.AsSpan().StartsWith("fail"u8))
            await GrpcFrames.WriteAsync(context.Response.Body, message, context.RequestAborted);
        context.Response.AppendTrailer(GrpcFrames.Status, message.AsSpan().StartsWith("fail"u8) ? "13" : "0");
    }

    private static async Task ChatAsync(HttpContext context)
    {
        context.Response.ContentType = GrpcFrames.ContentType;
        await context.Response.StartAsync(context.RequestAborted);
        await context.Response.Body.FlushAsync(context.RequestAborted);
        while (await GrpcFrames.ReadAsync(context.Request.Body, context.RequestAborted) is { } message)
            await GrpcFrames.WriteAsync(context.Response.Body, message, context.RequestAborted);
        context.Response.AppendTrailer(GrpcFrames.Status, "0");
    }

    private void Count(Outcome outcome) => _hidden.AddOrUpdate(outcome, 1, (_, before) => before + 1);
}
