using System.Buffers;
using System.IO.Pipelines;
using System.Text.Json;
using MeshCanary.Machinery.Resources;

namespace MeshCanary.Machinery.Informers;

/// <summary>Reads JSON documents from a stream, one a line. A document is valid until the next is read.</summary>
internal sealed class LineReader(Stream stream) : IAsyncDisposable
{
    // Far above what a server stores of one object; more than this is no watch.
    private const int LongestLine = 64 * 1024 * 1024;

    private readonly PipeReader _pipe = PipeReader.Create(stream, new StreamPipeReaderOptions(bufferSize: 32 * 1024));
    private JsonDocument? _document;
    private SequencePosition? _consumed;

    /// <summary>The next document, or null at the end.</summary>
    /// <exception cref="JsonException">A line is malformed, or the stream ends within one.</exception>
    public async ValueTask<JsonDocument?> ReadAsync(CancellationToken cancellation)
    {
        Release();
        while (true)
        {
            var read = await _pipe.ReadAsync(cancellation);
            var buffer = read.Buffer;
            if (buffer.PositionOf((byte)'\n') is { } end)
            {
                var line = buffer.Slice(0, end);
                _consumed = buffer.GetPosition(1, end);
                if (IsBlank(line))
                {
                    Release();
                    continue;
                }

                return _document = JsonDocument.Parse(line, ObjectJson.DocumentOptions);
            }

            if (buffer.Length > LongestLine)
                throw new JsonException($"A line is longer than {LongestLine} bytes.");
            var blank = !read.IsCompleted || IsBlank(buffer);
            _pipe.AdvanceTo(buffer.Start, buffer.End);
            if (!blank)
                throw new JsonException("The stream ended within a line.");
            if (read.IsCompleted)
                return null;
        }
    }

    public async ValueTask DisposeAsync()
    {
        _document?.Dispose();
        await _pipe.CompleteAsync();
    }

    private static bool IsBlank(ReadOnlySequence<byte> line)
    {
        foreach (var part in line)
        {
            if (part.Span.ContainsAnyExcept(" \t\r\n"u8))
                return false;
        }

        return true;
    }

    private void Release()
    {
        _document?.Dispose();
        _document = null;
        if (_consumed is { } consumed)
            _pipe.AdvanceTo(consumed);
        _consumed = null;
    }
}
