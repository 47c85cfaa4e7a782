using MeshCanary.Proxy.Endpoints;
using MeshCanary.Proxy.Forwarding;
using MeshCanary.Proxy.Recording;

namespace MeshCanary.Proxy.Mirroring;

/// <summary>
/// One request on its way to being sent a second time. It takes the body as it passes, and is sent or abandoned when
/// the user's request has ended. One thread at a time until then.
/// </summary>
internal sealed class MirrorCopy
{
    /// <summary>The length of a body whose end only its reader learns of.</summary>
    public const long UnknownLength = -1;

    private const int FirstBuffer = 4096;

    private readonly RequestMirror _mirror;
    private readonly Endpoint _endpoint;
    private readonly TimeProvider _time;
    private readonly long _expected;
    private byte[] _body = [];
    private int _length;
    private bool _whole;
    private bool _tooLong;

    public MirrorCopy(RequestMirror mirror, Endpoint endpoint, TimeProvider time, long expected)
    {
        (_mirror, _endpoint, _time, _expected) = (mirror, endpoint, time, expected);
        _whole = expected == 0;
        // From now on, not from when it is sent: an endpoint that leaves meanwhile keeps its client until the copy has ended.
        endpoint.Begin();
        // There before the headers are copied: those that describe a body are the body's.
        Message = new HttpRequestMessage { Content = expected == 0 ? null : new MirrorContent(this) };
    }

    public HttpRequestMessage Message { get; }

    /// <summary>What was taken of the body.</summary>
    public ReadOnlyMemory<byte> Body => _body.AsMemory(0, _length);

    /// <summary>Takes a piece of the body; an empty piece is its end.</summary>
    public void Take(ReadOnlySpan<byte> piece)
    {
        if (piece.IsEmpty)
        {
            _whole = true;
            return;
        }

        _tooLong |= _length + (long)piece.Length > _mirror.Settings.LongestBody;
        if (_tooLong)
            return;
        Grow(_length + piece.Length);
        piece.CopyTo(_body.AsSpan(_length));
        _length += piece.Length;
        _whole = _length == _expected;
    }

    /// <summary>The user's request has ended: sends the copy, or drops it when it is not whole or its user has gone.</summary>
    public void Send(bool served)
    {
        if (served && _whole && !_tooLong)
        {
            // Not on this thread: it has users to serve.
            _ = Task.Run(SendAsync);
            return;
        }

        Drop();
    }

    /// <summary>Lets go of what it holds without sending it.</summary>
    public void Drop()
    {
        _mirror.Counters.Drop();
        End(EndpointResult.NotItsFault);
    }

    private async Task SendAsync()
    {
        var started = _time.GetTimestamp();
        var outcome = RequestOutcome.ConnectionFailure;
        var result = EndpointResult.NotItsFault;
        try
        {
            (outcome, result) = await ExchangeAsync();
        }
        finally
        {
            _mirror.Counters.Outcomes.Increment(OutcomeCells.CellOf(outcome, _time.GetElapsedTime(started).TotalSeconds));
            End(result);
        }
    }

    private void End(EndpointResult result)
    {
        Message.Dispose();
        _endpoint.End(result);
        _mirror.Counters.Leave();
    }

    private async Task<(RequestOutcome Outcome, EndpointResult Result)> ExchangeAsync()
    {
        using var patience = new CancellationTokenSource(_mirror.Settings.Timeout, _time);
        var answered = false;
        try
        {
            using var response = await _endpoint.Client.Invoker.SendAsync(Message, patience.Token);
            answered = true;
            await response.Content.CopyToAsync(Stream.Null, patience.Token);
            var outcome = OutcomeOf(response);
            return (outcome, EndpointResult.Answered);
        }
        catch (OperationCanceledException) when (patience.IsCancellationRequested)
        {
            // An answer that goes on and on is no failure; we stopped listening.
            return answered ? (RequestOutcome.ClientAbort, EndpointResult.Answered) : (RequestOutcome.Timeout, EndpointResult.Failed);
        }
#pragma warning disable CA1031 // A copy has nobody to tell of what became of it but the counts.
        catch (Exception fault)
#pragma warning restore CA1031
        {
            var unreachable = fault is HttpRequestException { HttpRequestError: HttpRequestError.ConnectionError or HttpRequestError.NameResolutionError or HttpRequestError.SecureConnectionError }
                or OperationCanceledException { InnerException: TimeoutException };
            return (RequestOutcome.ConnectionFailure, unreachable ? EndpointResult.Unreachable : EndpointResult.Failed);
        }
    }

    private static RequestOutcome OutcomeOf(HttpResponseMessage response)
    {
        if ((int)response.StatusCode >= 500)
            return RequestOutcome.ServerError;
        return GrpcStatus.IsGrpc(response.Content.Headers.ContentType?.MediaType) && GrpcStatus.Failed(response)
            ? RequestOutcome.GrpcError
            : RequestOutcome.Success;
    }

    // Not from a pool: an answer may come before the body has been sent, and then nobody knows when it is read no more.
    private void Grow(int needed)
    {
        if (needed > _body.Length)
            Array.Resize(ref _body, Math.Max(needed, Math.Max(FirstBuffer, _body.Length * 2)));
    }
}
