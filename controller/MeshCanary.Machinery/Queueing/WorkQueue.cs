using MeshCanary.Machinery.Metrics;
using MeshCanary.Machinery.Pacing;
using Microsoft.Extensions.Logging;

namespace MeshCanary.Machinery.Queueing;

/// <summary>
/// Keys to work on. A key that is added several times is worked on once; one that is added while it is worked on, once more afterwards;
/// never by two workers at a time. A handler that throws or hangs concerns its key only. Thread-safe.
/// </summary>
#pragma warning disable CA1711 // A work queue is what it is called wherever controllers are written.
public sealed partial class WorkQueue<TKey> : IDisposable
#pragma warning restore CA1711
    where TKey : notnull
{
    // Longer waits are cut: a timer has a limit, and an early look is harmless.
    private static readonly TimeSpan LongestWait = TimeSpan.FromHours(1);

    private readonly string _name;
    private readonly Func<TKey, CancellationToken, Task<WorkResult>> _work;
    private readonly WorkQueueOptions<TKey> _options;
    private readonly TimeProvider _time;
    private readonly QueueMetrics _metrics;
    private readonly ILogger _logger;
    private readonly Lock _gate = new();
    private readonly Schedule<TKey> _schedule;
    private readonly TokenBucket? _bucket;
    private readonly ITimer _timer;
    private bool _open;
    private int _busy;
    private int _unfinished;
    private int _quarantined;
    private CancellationToken _abort;
    private TaskCompletionSource? _drained;

    /// <summary>Prepares a queue.</summary>
    /// <param name="cluster">Clock, metrics and logs.</param>
    /// <param name="name">The queue's name in metrics and logs.</param>
    /// <param name="work">Works on a key. Throwing means failure. It must end soon when its token is cancelled.</param>
    /// <param name="options">How; null for the defaults.</param>
    public WorkQueue(ClusterAccess cluster, string name, Func<TKey, CancellationToken, Task<WorkResult>> work, WorkQueueOptions<TKey>? options = null)
        : this(name, work, options ?? new WorkQueueOptions<TKey>(), cluster.Time, cluster.Metrics.Queues, cluster.Logs.CreateLogger<WorkQueue<TKey>>())
    {
    }

    internal WorkQueue(
        string name, Func<TKey, CancellationToken, Task<WorkResult>> work, WorkQueueOptions<TKey> options, TimeProvider time, QueueMetrics metrics, ILogger logger)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(options.Workers, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(options.FailuresToQuarantine, 1);
        (_name, _work, _options, _time, _metrics, _logger) = (name, work, options, time, metrics, logger);
        _schedule = new Schedule<TKey>(time);
        _bucket = options.PerSecond > 0 ? new TokenBucket(options.PerSecond, Math.Max(options.Burst, 1), time) : null;
        _timer = time.CreateTimer(static queue => ((WorkQueue<TKey>)queue!).Wake(), this, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }

    /// <summary>Has a key worked on as soon as there is a worker. Keys may be added before the queue runs, and while it does not.</summary>
    /// <param name="key">The key.</param>
    public void Add(TKey key)
    {
        lock (_gate)
        {
            var state = _schedule[key];
            var floor = state.Ended + Ticks(_options.QuarantineFloor);
            if (state.IsQuarantined && !state.IsWorking && floor > _time.GetTimestamp())
                _schedule.AddAt(key, floor);
            else
                _schedule.Add(key);
            Pump();
        }
    }

    /// <summary>Has a key worked on after a time, or when it would be anyway, if that is sooner.</summary>
    /// <param name="key">The key.</param>
    /// <param name="delay">The time.</param>
    public void AddAfter(TKey key, TimeSpan delay)
    {
        lock (_gate)
        {
            if (delay <= TimeSpan.Zero)
                _schedule.Add(key);
            else
                _schedule.AddAt(key, _time.GetTimestamp() + Ticks(delay));
            Pump();
        }
    }

    /// <summary>
    /// Works until it is stopped, then waits for the handlers that are at work. What is left stays in the queue for another run.
    /// </summary>
    /// <param name="stop">No key is begun after this.</param>
    /// <param name="abort">Cancels the handlers that are at work; those that do not end within their grace are left behind.</param>
    /// <exception cref="InvalidOperationException">It runs already.</exception>
    public async Task RunAsync(CancellationToken stop, CancellationToken abort = default)
    {
        lock (_gate)
        {
            if (_open || _drained is not null)
                throw new InvalidOperationException($"The queue {_name} runs already.");
            _open = true;
            _abort = abort;
            Pump();
        }

        var closed = new TaskCompletionSource<Task>(TaskCreationOptions.RunContinuationsAsynchronously);
        await using (stop.UnsafeRegister(_ => Close(closed), null))
        await using (abort.UnsafeRegister(_ => Close(closed), null))
            await DrainAsync(await closed.Task, abort);
        lock (_gate)
            _drained = null;
    }

    /// <summary>Ends timers. Keys that are left are forgotten.</summary>
    public void Dispose() => _timer.Dispose();

    // On the thread that stops: once its call returned, nothing is begun.
    private void Close(TaskCompletionSource<Task> closed)
    {
        lock (_gate)
        {
            if (!_open)
                return;
            _open = false;
            _drained = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            if (_unfinished == 0)
                _drained.SetResult();
            closed.SetResult(_drained.Task);
        }
    }

    private async Task DrainAsync(Task drained, CancellationToken abort)
    {
        try
        {
            await drained.WaitAsync(abort);
        }
        catch (OperationCanceledException)
        {
            try
            {
                await drained.WaitAsync(_options.Grace, _time, CancellationToken.None);
            }
            catch (TimeoutException)
            {
                LogLeftBehind(_name, _unfinished);
            }
        }
    }

    private void Wake()
    {
        lock (_gate)
            Pump();
    }

    // Gives ready keys to free workers and sets the timer for what comes next. Called with the lock held.
    private void Pump()
    {
        var next = _schedule.Advance();
        var wait = next is { } due ? _time.GetElapsedTime(_time.GetTimestamp(), due) : Timeout.InfiniteTimeSpan;
        while (_open && _busy < _options.Workers && _schedule.Ready > 0)
        {
            if (_bucket?.TryTake() == false)
            {
                var token = _bucket.UntilNext();
                wait = wait == Timeout.InfiniteTimeSpan || token < wait ? token : wait;
                break;
            }

            _schedule.TryTake(out var key, out var state);
            _busy++;
            _unfinished++;
            _metrics.Latency.WithLabels(_name).Observe(_time.GetElapsedTime(state.ReadySince).TotalSeconds);
            var abort = _abort;
            _ = Task.Run(() => WorkAsync(key, state, abort), CancellationToken.None);
        }

        _timer.Change(wait == Timeout.InfiniteTimeSpan ? wait : Clamp(wait), Timeout.InfiniteTimeSpan);
        _metrics.Depth.WithLabels(_name).Set(_schedule.Ready);
        _metrics.Delayed.WithLabels(_name).Set(_schedule.Delayed);
        _metrics.Working.WithLabels(_name).Set(_unfinished);
    }

    private long Ticks(TimeSpan span) => (long)(span.TotalSeconds * _time.TimestampFrequency);

    private static TimeSpan Clamp(TimeSpan wait) =>
        wait < TimeSpan.FromMilliseconds(1) ? TimeSpan.FromMilliseconds(1) : wait > LongestWait ? LongestWait : wait;
}
