using System.Net.Sockets;
using Microsoft.AspNetCore.Http;

namespace MeshCanary.Proxy.Upstreams;

/// <summary>One request to an upstream on one connection, and its response back to the client.</summary>
internal sealed class Http1Exchange(HttpContext context, IHttp1Edits edits, Http1Connection connection, TimeProvider time)
{
    /// <summary>Longest head of a response, in bytes, with what came before it.</summary>
    public const int LongestHead = 128 * 1024;

    private readonly ResponseCopy _copy = new(context, connection);
    private RequestUpload? _upload;
    private Task _uploading = Task.CompletedTask;

    /// <summary>How far it is.</summary>
    public ExchangeStage Stage { get; private set; }

    /// <summary>When the request was sent, as a timestamp.</summary>
    public long Asked { get; private set; }

    /// <summary>Whether any byte of a response has come.</summary>
    public bool Heard { get; private set; }

    /// <summary>What is sent beside the reading of the response; null for a request without a body.</summary>
    public RequestUpload? Upload => _upload;

    public ResponseCopy Copy => _copy;

    /// <summary>Does all of it. The connection goes back to its pool, or is closed.</summary>
    /// <param name="caller">Ends the exchange.</param>
    /// <exception cref="Http1Fault">It failed.</exception>
    public async ValueTask RunAsync(CancellationToken caller)
    {
        using var outgoing = new HeadBuffer();
        var kept = false;
        var leaving = context.RequestAborted.UnsafeRegister(static one => ((Http1Connection)one!).Abort(AbortCause.Client), connection);
        var ending = caller.UnsafeRegister(static one => ((Http1Connection)one!).Abort(AbortCause.Caller), connection);
        try
        {
            await AskAsync(outgoing).ConfigureAwait(false);
            await ReadHeadAsync().ConfigureAwait(false);
            Stage = ExchangeStage.Answering;
            await _copy.RunAsync().ConfigureAwait(false);
            kept = connection.Head.KeepsConnection && _upload is null or { IsComplete: true };
        }
#pragma warning disable CA1031 // Told apart by what the exchange was doing, not by what the layers below happen to throw.
        catch (Exception failure)
#pragma warning restore CA1031
        {
            var cause = connection.Cause;
            connection.Abort(AbortCause.Finished);
            await _uploading.ConfigureAwait(false);
            throw FaultOf.Failure(failure, cause, this, context);
        }
        finally
        {
            // Waits for an abort that is under way, so that none hits who has the connection next.
            await leaving.DisposeAsync().ConfigureAwait(false);
            await ending.DisposeAsync().ConfigureAwait(false);
            if (!_uploading.IsCompleted)
            {
                // Answered before it was asked to the end. Nobody can say what the rest would be read as.
                connection.Abort(AbortCause.Finished);
                await _uploading.ConfigureAwait(false);
            }

            connection.Pool.Return(connection, kept);
        }
    }

    private async ValueTask AskAsync(HeadBuffer outgoing)
    {
        var body = OutgoingHead.Write(outgoing, context, connection.Pool.Authority, edits.ChangeRequest(context));
        Stage = ExchangeStage.Asking;
        Asked = time.GetTimestamp();
        connection.StartReceive();
        if (body != OutgoingBody.None)
        {
            _upload = new RequestUpload(context, connection, outgoing, body == OutgoingBody.Chunked);
            _uploading = _upload.RunAsync(time);
            return;
        }

        // What is written stays until the exchange has ended.
        if (connection.TryPost(outgoing.Written))
            return;
        try
        {
            await connection.SendAsync(outgoing.Written).ConfigureAwait(false);
        }
        catch (SocketException)
        {
            // The connection has ended; what was received before that says why, if anything does.
        }
    }

    private async ValueTask ReadHeadAsync()
    {
        var head = connection.Head;
        var toHead = HttpMethods.IsHead(context.Request.Method);
        var (searched, passed) = (0, 0);
        while (true)
        {
            var unread = connection.Unread;
            var end = FieldLines.FindEnd(unread.Span, ref searched);
            if ((end < 0 ? unread.Length : end) + passed > LongestHead)
                throw new MalformedResponseException($"The head of the response is longer than {LongestHead} bytes.");
            if (end < 0)
            {
                // What speaks something else may wait for us to go on.
                if (!ResponseHead.MayBegin(unread.Span))
                    throw new MalformedResponseException("The answer is not HTTP/1.1.");
                await ReceiveAsync().ConfigureAwait(false);
                continue;
            }

            head.Read(unread.Span[..end], toHead);
            if (!head.IsInterim)
            {
                var refused = _upload?.Answered(goOn: false) ?? false;
                Respond(unread.Span[..end]);
                // What comes next may be the body that was not wanted or a new request: nobody can tell.
                if (refused)
                    context.Response.Headers.Connection = "close";
                connection.Consume(end);
                return;
            }

            PassOver();
            connection.Consume(end);
            (searched, passed) = (0, passed + end);
        }
    }

    private void Respond(ReadOnlySpan<byte> head)
    {
        Stage = ExchangeStage.Heading;
        connection.Head.CopyTo(context, head);
        edits.Respond(context);
    }

    // What comes before the answer is for the proxy alone: whether to send the body.
    private void PassOver()
    {
        if (connection.Head.Status == StatusCodes.Status101SwitchingProtocols)
            throw new MalformedResponseException("The upstream switches protocols though nobody asked for it.");
        if (connection.Head.Status == StatusCodes.Status100Continue)
            _upload?.Answered(goOn: true);
    }

    private async ValueTask ReceiveAsync()
    {
        if (connection.IsFull)
            connection.Grow(Math.Min(connection.Capacity * 2, LongestHead + 1));
        if (await connection.ReceiveAsync().ConfigureAwait(false) == 0)
            throw new IOException("The upstream closed the connection without an answer to the request.");
        Heard = true;
    }
}
