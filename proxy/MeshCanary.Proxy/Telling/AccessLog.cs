using System.Threading.Channels;
using MeshCanary.Proxy.Routing;
using Microsoft.Extensions.Logging;
using Prometheus;

namespace MeshCanary.Proxy.Telling;

/// <summary>
/// Takes lines and writes them by a task of its own. A sink that is slow, full or gone costs lines, which are counted, and never
/// delays or fails a request. Any thread.
/// </summary>
internal sealed partial class AccessLog : IAsyncDisposable
{
    // Lines are some 500 bytes: 4 MB while the sink does not keep up.
    private const int MostWaiting = 8192;
    private const int BatchBytes = 64 * 1024;

    private static readonly TimeSpan LastWriteLimit = TimeSpan.FromSeconds(2);

    private readonly Channel<byte[]> _lines = Channel.CreateBounded<byte[]>(new BoundedChannelOptions(MostWaiting) { SingleReader = true });
    private readonly CancellationTokenSource _end = new();
    private readonly ILineSink _sink;
    private readonly TimeProvider _time;
    private readonly ILogger<AccessLog> _logger;
    private readonly Counter _dropped;
    private volatile LogSampling _sampling;
    private Task _writing = Task.CompletedTask;
    private bool _isFailing;

    public AccessLog(AccessLogOptions options, CollectorRegistry registry, TimeProvider time, ILogger<AccessLog> logger)
    {
        (_time, _logger, _sampling) = (time, logger, LogSampling.Of(options));
        _sink = options.Sink ?? (options.File is { } path ? new FileSink(path) : new OutputSink());
        _dropped = Metrics.WithCustomRegistry(registry).CreateCounter(
            "meshcanary_proxy_access_log_dropped_total", "Lines of the access log that were lost, since it could not be written or not fast enough.");
    }

    /// <summary>Which requests get a line; may be set while requests run.</summary>
    public LogSampling Sampling
    {
        get => _sampling;
        set => _sampling = value;
    }

    /// <summary>Begins to write.</summary>
    /// <exception cref="IOException">The log cannot be opened; the message names it.</exception>
    public void Start()
    {
        _sink.Open();
        _writing = Task.Run(WriteAsync);
    }

    /// <summary>Whether a request is among the drawn ones.</summary>
    public bool Draws() => _sampling is var sampling && (sampling.IsWhole || FastRandom.Next() < sampling.Threshold);

    /// <summary>Takes a line. It waits for nothing.</summary>
    public void Add(byte[] line)
    {
        if (!_lines.Writer.TryWrite(line))
            _dropped.Inc();
    }

    /// <summary>Writes what is left, as long as that takes no more than two seconds.</summary>
    public async ValueTask DisposeAsync()
    {
        _lines.Writer.TryComplete();
        try
        {
            await _writing.WaitAsync(LastWriteLimit, _time);
            _sink.Dispose();
        }
        catch (TimeoutException)
        {
            // A sink that hangs cannot be closed either; it goes with the process.
            LogLeft(_sink.Place);
            await _end.CancelAsync();
        }
    }

    private async Task WriteAsync()
    {
        var batch = new MemoryStream(BatchBytes);
        var reader = _lines.Reader;
        while (await reader.WaitToReadAsync(CancellationToken.None).ConfigureAwait(false))
        {
            var count = 0;
            while (batch.Length < BatchBytes && reader.TryRead(out var line))
            {
                batch.Write(line);
                count++;
            }

            await WriteAsync(batch.GetBuffer().AsMemory(0, (int)batch.Length), count).ConfigureAwait(false);
            batch.SetLength(0);
        }
    }

    private async Task WriteAsync(ReadOnlyMemory<byte> lines, int count)
    {
        try
        {
            await _sink.WriteAsync(lines, _end.Token).ConfigureAwait(false);
            if (_isFailing)
                LogWorksAgain(_sink.Place);
            _isFailing = false;
        }
#pragma warning disable CA1031 // Whatever it is, requests go on and so do the lines after these.
        catch (Exception fault)
#pragma warning restore CA1031
        {
            _dropped.Inc(count);
            if (!_isFailing)
                LogFails(_sink.Place, fault);
            _isFailing = true;
        }
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "The access log {Place} cannot be written. Its lines are dropped and counted until it can; requests are served. See to its disk, folder and permissions.")]
    private partial void LogFails(string place, Exception fault);

    [LoggerMessage(Level = LogLevel.Information, Message = "The access log {Place} can be written again.")]
    private partial void LogWorksAgain(string place);

    [LoggerMessage(Level = LogLevel.Warning, Message = "The access log {Place} did not take its last lines in time; they are lost.")]
    private partial void LogLeft(string place);
}
