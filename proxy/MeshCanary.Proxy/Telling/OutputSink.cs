namespace MeshCanary.Proxy.Telling;

/// <summary>Standard output.</summary>
internal sealed class OutputSink : ILineSink
{
    private readonly Stream _stream = Console.OpenStandardOutput();

    public string Place => "standard output";

    public void Open()
    {
    }

    public ValueTask WriteAsync(ReadOnlyMemory<byte> lines, CancellationToken cancellationToken) => _stream.WriteAsync(lines, cancellationToken);

    public void Dispose() => _stream.Dispose();
}
