using System.Threading.Channels;
using MeshCanary.Controller.Recording;
using Microsoft.Extensions.Logging;

namespace MeshCanary.Controller.Reconciling;

/// <summary>
/// Reconciles one Canary, one reconcile at a time, whenever something happened to it. What goes wrong in it stays in
/// it: it is told, and tried again after a while that grows.
/// </summary>
internal sealed partial class CanaryWorker : IAsyncDisposable
{
    private static readonly TimeSpan FirstPause = TimeSpan.FromMilliseconds(200);
    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(30);

    private readonly Channel<bool> _signals = Channel.CreateBounded<bool>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite });
    private readonly Channel<CanaryRequest> _requests = Channel.CreateUnbounded<CanaryRequest>();
    private readonly CancellationTokenSource _stop = new();
    private readonly Reconciler _reconciler;
    private readonly ReconcileMetrics _metrics;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private readonly ITimer _alarm;
    private Task _loop = Task.CompletedTask;
    private volatile string? _problem;
    private long _happened;
    private long _handled;

    public CanaryWorker(CanaryState state, Reconciler reconciler, ReconcileMetrics metrics, TimeProvider time, ILogger logger)
    {
        (State, _reconciler, _metrics, _time, _logger) = (state, reconciler, metrics, time, logger);
        _alarm = time.CreateTimer(_ => Signal(), null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }

    /// <summary>The Canary's state.</summary>
    public CanaryState State { get; }

    /// <summary><c>namespace/name</c>.</summary>
    public string Key => State.Record.Key;

    /// <summary>Why the last reconcile failed; null when it did not.</summary>
    public string? Problem => _problem;

    /// <summary>Whether something happened that no finished reconcile has looked at: one is waited for, or at work.</summary>
    public bool IsBehind
    {
        get
        {
            // In this order: what happens in between makes it behind, never at rest.
            var handled = Volatile.Read(ref _handled);
            return Volatile.Read(ref _happened) != handled;
        }
    }

    /// <summary>Gets ready, before anything can happen.</summary>
    public void Prepare() => _reconciler.Prepare(State);

    /// <summary>Begins to reconcile.</summary>
    public void Start()
    {
        Signal();
        _loop = Task.Run(RunAsync);
    }

    /// <summary>Something happened.</summary>
    public void Signal()
    {
        Interlocked.Increment(ref _happened);
        _signals.Writer.TryWrite(true);
    }

    /// <summary>Asks for something; the answer comes when it is stored.</summary>
    public Task<RequestAnswer> AskAsync(CanaryRequest request, CancellationToken cancellationToken)
    {
        if (!_requests.Writer.TryWrite(request))
            throw new InvalidOperationException("The controller is stopping.");
        Signal();
        return request.Answered.WaitAsync(cancellationToken);
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        _requests.Writer.TryComplete();
        await _stop.CancelAsync().ConfigureAwait(false);
        await _loop.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        while (_requests.Reader.TryRead(out var request))
            request.Fail(new OperationCanceledException("The controller is stopping."));
        State.Calibration.Save(_time.GetUtcNow());
        await _alarm.DisposeAsync().ConfigureAwait(false);
        _stop.Dispose();
    }

    private async Task RunAsync()
    {
        var pause = FirstPause;
        while (await _signals.Reader.WaitToReadAsync(_stop.Token).ConfigureAwait(false))
        {
            _signals.Reader.TryRead(out _);
            // Read before the step looks: what happens while it looks has a step of its own.
            var happened = Volatile.Read(ref _happened);
            var done = await StepAsync().ConfigureAwait(false);
            Volatile.Write(ref _handled, happened);
            if (done)
            {
                pause = FirstPause;
                continue;
            }

            await PauseAsync(pause).ConfigureAwait(false);
            pause = pause * 2 < LongestPause ? pause * 2 : LongestPause;
            Signal();
        }
    }

    // A person who asks is answered at once, and pods that are gone get no more requests; whatever else happens waits for the next try.
    private async Task PauseAsync(TimeSpan pause)
    {
        var over = Task.WhenAny(Task.Delay(pause, _time, _stop.Token), _requests.Reader.WaitToReadAsync(_stop.Token).AsTask());
        while (true)
        {
            var happened = _signals.Reader.WaitToReadAsync(_stop.Token).AsTask();
            if (await Task.WhenAny(over, happened).ConfigureAwait(false) == over || _stop.IsCancellationRequested)
                return;
            _signals.Reader.TryRead(out _);
            try
            {
                _reconciler.Follow(State);
            }
#pragma warning disable CA1031 // The next try meets it as well, and tells it.
            catch (Exception)
#pragma warning restore CA1031
            {
                return;
            }
        }
    }

    private async Task<bool> StepAsync()
    {
        _requests.Reader.TryRead(out var request);
        var began = _time.GetTimestamp();
        try
        {
            var outcome = await _reconciler.ReconcileAsync(State, request, _stop.Token).ConfigureAwait(false);
            SetAlarm(outcome.WakeAt);
            if (outcome.Again || _requests.Reader.Count > 0)
                Signal();
            _problem = null;
            _metrics.Done(_time.GetElapsedTime(began), failed: false);
            return true;
        }
#pragma warning disable CA1031 // Whatever it is: this Canary's trouble must not become that of the others.
        catch (Exception failure)
#pragma warning restore CA1031
        {
            _problem = Report(failure);
            _reconciler.Fail(_problem);
            _metrics.Done(_time.GetElapsedTime(began), failed: true);
            request?.Fail(failure);
            return false;
        }
    }

    private string Report(Exception failure)
    {
        // A full disk is nobody's mistake in here: its message says all there is to say.
        if (failure is StoreUnavailableException)
        {
            LogHeld(Key, failure.Message);
            return failure.Message;
        }

        LogFailed(Key, failure);
        return $"An unexpected fault: {failure.Message.TrimEnd('.')}. The controller's log has the details.";
    }

    private void SetAlarm(DateTimeOffset? at)
    {
        var due = at - _time.GetUtcNow() ?? Timeout.InfiniteTimeSpan;
        // A timer holds some 49 days; an early ring only looks once more.
        if (due > TimeSpan.FromDays(1))
            due = TimeSpan.FromDays(1);
        _alarm.Change(due < TimeSpan.Zero && at is not null ? TimeSpan.Zero : due, Timeout.InfiniteTimeSpan);
    }

    [LoggerMessage(Level = LogLevel.Error, Message = "Canary {Canary} holds, and is tried again: {Reason}")]
    private partial void LogHeld(string canary, string reason);

    [LoggerMessage(Level = LogLevel.Error, Message = "Canary {Canary} could not be reconciled; its traffic stays as it is, and it is tried again.")]
    private partial void LogFailed(string canary, Exception failure);
}
