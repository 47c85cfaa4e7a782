using System.Threading.Channels;
using MeshCanary.Machinery.Calling;
using MeshCanary.Machinery.Metrics;
using Microsoft.Extensions.Logging;

namespace MeshCanary.Machinery.Events;

/// <summary>
/// Writes Kubernetes Events. Recording never waits and never fails: events wait in a bounded queue, and what cannot be written is dropped
/// and counted. Equal events become one with a count, many similar ones are combined, and an object that has too many loses the rest.
/// Thread-safe.
/// </summary>
public sealed partial class EventRecorder
{
    private readonly Channel<PendingEvent> _pending;
    private readonly EventCorrelator _correlator;
    private readonly EventWriter _writer;
    private readonly EventMetrics _metrics;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;

    /// <summary>Prepares a recorder.</summary>
    /// <param name="cluster">The cluster.</param>
    /// <param name="options">Who writes, and how much.</param>
    public EventRecorder(ClusterAccess cluster, EventOptions options)
    {
        ArgumentNullException.ThrowIfNull(cluster);
        ArgumentNullException.ThrowIfNull(options);
        _pending = Channel.CreateBounded<PendingEvent>(new BoundedChannelOptions(options.Capacity) { SingleReader = true });
        _correlator = new EventCorrelator(options, cluster.Time);
        _writer = new EventWriter(cluster, options);
        _metrics = cluster.Metrics.Events;
        _time = cluster.Time;
        _logger = cluster.Logs.CreateLogger<EventRecorder>();
    }

    /// <summary>Notes that something happened now. Returns at once.</summary>
    /// <param name="happened">What.</param>
    public void Record(ObjectEvent happened)
    {
        ArgumentNullException.ThrowIfNull(happened);
        if (!_pending.Writer.TryWrite(new PendingEvent(happened, _time.GetUtcNow())))
            _metrics.Dropped.WithLabels("full").Inc();
    }

    /// <summary>Writes until it is cancelled. Throws nothing else.</summary>
    /// <param name="cancellation">Ends it; what still waits is dropped.</param>
    public async Task RunAsync(CancellationToken cancellation)
    {
        try
        {
            await foreach (var pending in _pending.Reader.ReadAllAsync(cancellation))
                await WriteAsync(pending, cancellation);
        }
        catch (OperationCanceledException) when (cancellation.IsCancellationRequested)
        {
            // Asked for.
        }
    }

    private async Task WriteAsync(PendingEvent pending, CancellationToken cancellation)
    {
        try
        {
            if (_correlator.Place(pending) is not { } series)
            {
                _metrics.Dropped.WithLabels("spam").Inc();
                return;
            }

            await _writer.WriteAsync(series, cancellation);
            _metrics.Sent.Inc();
        }
#pragma warning disable CA1031 // An event is worth a few tries and no more; nothing depends on it.
        catch (Exception error) when (!cancellation.IsCancellationRequested)
#pragma warning restore CA1031
        {
            _metrics.Dropped.WithLabels(error is ApiException { IsTransient: true } ? "away" : "refused").Inc();
            LogDropped(pending.Event.Reason, pending.Event.Regarding.Kind, pending.Event.Regarding.Name, error.Message);
        }
    }

    [LoggerMessage(40, LogLevel.Warning, "The event {Reason} of {Kind} {Name} was not written. {Error}")]
    private partial void LogDropped(string reason, string kind, string name, string error);
}
