namespace MeshCanary.Testing.Exchanges;

/// <summary>A gRPC call with messages in both directions.</summary>
internal sealed class LongCall(HttpRequestMessage request, DuplexContent messages) : ILongExchange
{
    private HttpResponseMessage _response = new();
    private int _next;

    public Reply Reply => Reply.Of(_response, Outcome.Success);

    /// <summary>Sends the first message, as most clients do before they wait for an answer.</summary>
    public async Task BeginAsync(Task<HttpResponseMessage> began, CancellationToken cancellation)
    {
        await GrpcFrames.WriteAsync(await messages.Opened.WaitAsync(cancellation), BitConverter.GetBytes(_next), cancellation);
        _response = await began;
        await EchoedAsync(cancellation);
    }

    public async Task CheckAsync(CancellationToken cancellation)
    {
        await GrpcFrames.WriteAsync(await messages.Opened, BitConverter.GetBytes(_next), cancellation);
        await EchoedAsync(cancellation);
    }

    public async Task FinishAsync(CancellationToken cancellation)
    {
        messages.Close();
        if (await GrpcFrames.ReadAsync(await _response.Content.ReadAsStreamAsync(cancellation), cancellation) is not null)
            throw new InvalidDataException("The call said more than it was asked.");
        if (!_response.TrailingHeaders.TryGetValues(GrpcFrames.Status, out var status) || status.Single() != "0")
            throw new InvalidDataException($"The call to {Reply.Version} ended without the status OK.");
    }

    private async Task EchoedAsync(CancellationToken cancellation)
    {
        var echo = await GrpcFrames.ReadAsync(await _response.Content.ReadAsStreamAsync(cancellation), cancellation);
        if (echo is null || !echo.AsSpan().SequenceEqual(BitConverter.GetBytes(_next++)))
            throw new InvalidDataException($"Message {_next - 1} of the call to {Reply.Version} was {(echo is null ? "not answered" : "altered")}.");
    }

    public void Dispose()
    {
        messages.Close();
        _response.Dispose();
        request.Dispose();
    }
}
