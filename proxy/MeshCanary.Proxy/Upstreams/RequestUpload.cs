using Microsoft.AspNetCore.Http;

namespace MeshCanary.Proxy.Upstreams;

/// <summary>
/// Sends a request with a body. It runs beside the reading of the response, so that an upstream may answer before it has read
/// all of it. Its end never throws: what went wrong is told by <see cref="Fault"/>.
/// </summary>
internal sealed class RequestUpload(HttpContext context, Http1Connection connection, HeadBuffer head, bool chunked)
{
    private const int Piece = 16 * 1024;

    // A client that expects to be told to go on; half the world's upstreams do not know the word.
    private static readonly TimeSpan LongestWait = TimeSpan.FromSeconds(1);

    private readonly TaskCompletionSource<bool>? _mayGoOn = Expects(context) ? new(TaskCreationOptions.RunContinuationsAsynchronously) : null;

    /// <summary>Why it ended before the body did: a failure of the client's to send it; null otherwise.</summary>
    public Exception? Fault { get; private set; }

    /// <summary>Why it ended before the body did: the connection to the upstream; null otherwise.</summary>
    public Exception? Broken { get; private set; }

    /// <summary>Whether all of it has been sent.</summary>
    public bool IsComplete { get; private set; }

    /// <summary>The upstream has answered.</summary>
    /// <param name="goOn">Whether it wants the body.</param>
    /// <returns>Whether this was what the client waited for; false when it was told before, or did not ask.</returns>
    public bool Answered(bool goOn) => _mayGoOn?.TrySetResult(goOn) ?? false;

    /// <summary>Sends head and body.</summary>
    public async Task RunAsync(TimeProvider time)
    {
        try
        {
            if (_mayGoOn is not null && !await AskAsync(time).ConfigureAwait(false))
                return;
            IsComplete = await SendBodyAsync().ConfigureAwait(false);
        }
#pragma warning disable CA1031 // Whatever it is, the exchange waits for it and decides what to make of it.
        catch (Exception broken)
#pragma warning restore CA1031
        {
            // The response may still be on its way, and says more than the end of the upload.
            Broken = broken;
        }
    }

    private static bool Expects(HttpContext context) =>
        HttpProtocol.IsHttp11(context.Request.Protocol) && context.Request.Headers.Expect.ToString().Equals("100-continue", StringComparison.OrdinalIgnoreCase);

    private async Task<bool> AskAsync(TimeProvider time)
    {
        await SendAsync().ConfigureAwait(false);
        try
        {
            return await _mayGoOn!.Task.WaitAsync(LongestWait, time, connection.Broken).ConfigureAwait(false);
        }
        catch (TimeoutException)
        {
            return _mayGoOn!.TrySetResult(true) || await _mayGoOn.Task.ConfigureAwait(false);
        }
    }

    private async Task<bool> SendBodyAsync()
    {
        var body = context.Request.Body;
        while (true)
        {
            // What is in the buffer goes with the next piece if that is already there, and at once if not.
            var pending = head.Length;
            var reading = body.ReadAsync(head.RoomFor(Piece)[..Piece], connection.Broken);
            int read;
            if (pending > 0 && !reading.IsCompleted)
            {
                read = await SendAndReadAsync(reading.AsTask()).ConfigureAwait(false);
            }
            else
            {
                pending = 0;
                read = await ReadAsync(reading).ConfigureAwait(false);
            }

            if (read < 0)
                return false;
            connection.Touch();
            head.Shift(pending, read);
            if (chunked)
                head.Chunk(read);
            if (head.Length > 0)
                await SendAsync().ConfigureAwait(false);
            if (read == 0)
                return true;
        }
    }

    private async ValueTask<int> SendAndReadAsync(Task<int> reading)
    {
        try
        {
            await connection.SendAsync(head.Written).ConfigureAwait(false);
        }
        catch
        {
            // The read has the buffer, which the exchange must not give away before it has ended; at the latest, the exchange ends it.
            await ((Task)reading).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            throw;
        }

        return await ReadAsync(new ValueTask<int>(reading)).ConfigureAwait(false);
    }

    private async ValueTask<int> ReadAsync(ValueTask<int> reading)
    {
        try
        {
            return await reading.ConfigureAwait(false);
        }
#pragma warning disable CA1031 // The client's stream fails in many ways, all of which mean that the body does not come.
        catch (Exception fault)
#pragma warning restore CA1031
        {
            Fault = fault;
            connection.Abort(AbortCause.RequestBody);
            return -1;
        }
    }

    private async ValueTask SendAsync()
    {
        await connection.SendAsync(head.Written).ConfigureAwait(false);
        head.Clear();
    }
}
