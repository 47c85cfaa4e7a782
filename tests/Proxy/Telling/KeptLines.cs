using System.Collections.Concurrent;
using System.Text;
using System.Text.Json;
using MeshCanary.Proxy.Telling;
using MeshCanary.Proxy.Tests.Harness;

namespace MeshCanary.Proxy.Tests.Telling;

/// <summary>An access log that keeps its lines, and may be made to hang or to fail.</summary>
internal sealed class KeptLines : ILineSink
{
    private readonly ConcurrentQueue<string> _lines = [];

    public string Place => "the kept lines";

    /// <summary>What a write waits for.</summary>
    public Task Gate { get; set; } = Task.CompletedTask;

    /// <summary>What a write fails with; null for nothing.</summary>
    public volatile Exception? Fault;

    public IReadOnlyList<string> Lines => [.. _lines];

    public IReadOnlyList<JsonElement> Parsed => [.. _lines.Select(line => JsonDocument.Parse(line).RootElement)];

    /// <summary>The one line that there is to be.</summary>
    public async Task<JsonElement> SingleAsync()
    {
        await TestProxy.UntilAsync(() => !_lines.IsEmpty, "the line is written");
        return Assert.Single(Parsed);
    }

    public void Open()
    {
    }

    public async ValueTask WriteAsync(ReadOnlyMemory<byte> lines, CancellationToken cancellationToken)
    {
        await Gate.WaitAsync(cancellationToken);
        if (Fault is { } fault)
            throw fault;
        var text = Encoding.UTF8.GetString(lines.Span);
        Assert.EndsWith("\n", text, StringComparison.Ordinal);
        foreach (var line in text.Split('\n', StringSplitOptions.RemoveEmptyEntries))
            _lines.Enqueue(line);
    }

    public void Dispose()
    {
    }
}
