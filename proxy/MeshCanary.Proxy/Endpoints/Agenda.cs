using Microsoft.Extensions.Logging;

namespace MeshCanary.Proxy.Endpoints;

/// <summary>
/// Does things later, thousands of them with one timer. What is due is begun in small batches, so that much that is due
/// at once does not take the cores from the requests. What is to be done must be quick, or go on by itself.
/// </summary>
internal sealed partial class Agenda : IDisposable
{
    private const int Batch = 100;

    private static readonly TimeSpan BetweenBatches = TimeSpan.FromMilliseconds(10);

    private readonly Lock _gate = new();
    private readonly PriorityQueue<Action, long> _due = new();
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private readonly ITimer _timer;
    private long _wakesAt = long.MaxValue;
    private bool _ended;

    public Agenda(TimeProvider time, ILogger logger)
    {
        (_time, _logger) = (time, logger);
        _timer = time.CreateTimer(_ => Run(), state: null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }

    /// <summary>Does something after a delay, zero for as soon as possible. Any thread.</summary>
    public void After(TimeSpan delay, Action what)
    {
        lock (_gate)
        {
            var now = _time.GetTimestamp();
            _due.Enqueue(what, now + Ticks(delay));
            WakeInTime(now, TimeSpan.Zero);
        }
    }

    /// <summary>Tells of a fault in something that was done.</summary>
    public void Report(Exception fault) => LogFault(fault);

    public void Dispose()
    {
        lock (_gate)
        {
            _ended = true;
            _due.Clear();
        }

        _timer.Dispose();
    }

    private void Run()
    {
        List<Action> batch = [];
        lock (_gate)
        {
            var now = _time.GetTimestamp();
            _wakesAt = long.MaxValue;
            while (batch.Count < Batch && _due.TryPeek(out var what, out var at) && at <= now)
            {
                _due.Dequeue();
                batch.Add(what);
            }

            WakeInTime(now, BetweenBatches);
        }

        foreach (var what in batch)
            Do(what);
    }

    private void Do(Action what)
    {
        try
        {
            what();
        }
        catch (Exception fault)
        {
            Report(fault);
        }
    }

    private void WakeInTime(long now, TimeSpan soonest)
    {
        if (_ended || !_due.TryPeek(out _, out var at) || at >= _wakesAt)
            return;
        var wait = TimeSpan.FromSeconds((double)Math.Max(0, at - now) / _time.TimestampFrequency);
        _wakesAt = at;
        // Rounded up to the timer's unit: a wake-up before its time would only find nothing to do.
        _timer.Change(TimeSpan.FromMilliseconds(Math.Ceiling(Math.Max(wait.TotalMilliseconds, soonest.TotalMilliseconds))), Timeout.InfiniteTimeSpan);
    }

    private long Ticks(TimeSpan delay) => (long)(delay.TotalSeconds * _time.TimestampFrequency);

    [LoggerMessage(Level = LogLevel.Error, Message = "Looking after endpoints failed; the others go on. Report this.")]
    private partial void LogFault(Exception fault);
}
