namespace MeshCanary.Testing.Exchanges;

/// <summary>A response of numbered lines.</summary>
internal sealed class LongDownload(HttpResponseMessage response) : ILongExchange
{
    private StreamReader? _lines;
    private long _next;

    public Reply Reply { get; } = Reply.Of(response, Outcome.Success);

    public async Task CheckAsync(CancellationToken cancellation)
    {
        if (!await NextAsync(cancellation))
            throw new InvalidDataException($"The download of {Reply.Version} ended by itself after {_next} lines.");
    }

    public async Task FinishAsync(CancellationToken cancellation)
    {
        while (await NextAsync(cancellation))
        {
        }
    }

    public void Dispose() => response.Dispose();

    private async Task<bool> NextAsync(CancellationToken cancellation)
    {
        _lines ??= new StreamReader(await response.Content.ReadAsStreamAsync(cancellation));
        var line = await _lines.ReadLineAsync(cancellation);
        if (line == "end")
            return await _lines.ReadLineAsync(cancellation) is null ? false : throw new InvalidDataException("The download went on after its end.");
        return line == FormattableString.Invariant($"{_next++}")
            ? true
            : throw new InvalidDataException($"Line {_next - 1} of the download of {Reply.Version} is {line ?? "missing"}.");
    }
}
