using Microsoft.Extensions.Logging;

namespace MeshCanary.Machinery.Queueing;

public sealed partial class WorkQueue<TKey>
{
    private async Task WorkAsync(TKey key, KeyState state, CancellationToken abort)
    {
        var start = _time.GetTimestamp();
        using var deadline = new CancellationTokenSource(_options.Deadline, _time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(abort, deadline.Token);
        await using var overdue = deadline.Token.UnsafeRegister(_ => Overdue(key, _time.GetElapsedTime(start)), null);
        var work = Task.Run(() => _work(key, either.Token), CancellationToken.None);
        var holdsWorker = !await PatientlyAsync(work, either.Token);
        if (!holdsWorker)
        {
            // It ignores its token. Its key has to wait for it, the others need not.
            lock (_gate)
            {
                _busy--;
                Pump();
            }
        }

        Exception? error = null;
        var result = WorkResult.Done;
        try
        {
            result = await work;
        }
#pragma warning disable CA1031 // A handler's fault is its key's.
        catch (Exception thrown)
#pragma warning restore CA1031
        {
            error = thrown is OperationCanceledException && deadline.IsCancellationRequested
                ? new TimeoutException($"The work on {key} was cancelled after its deadline of {_options.Deadline}.", thrown)
                : thrown;
        }

        _metrics.Duration.WithLabels(_name).Observe(_time.GetElapsedTime(start).TotalSeconds);
        End(key, state, result, error, aborted: error is OperationCanceledException && abort.IsCancellationRequested, holdsWorker);
    }

    // Waits for the work; once it was cancelled, only for the grace. Returns whether it was left alone.
    private async Task<bool> PatientlyAsync(Task work, CancellationToken cancelled)
    {
        var signal = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using (cancelled.UnsafeRegister(_ => signal.TrySetResult(), null))
            await Task.WhenAny(work, signal.Task);
        if (work.IsCompleted)
            return false;
        using var ended = new CancellationTokenSource();
        var grace = Task.Delay(_options.Grace, _time, ended.Token);
        await Task.WhenAny(work, grace);
        await ended.CancelAsync();
        return !work.IsCompleted;
    }

    private void End(TKey key, KeyState state, WorkResult result, Exception? error, bool aborted, bool holdsWorker)
    {
        // The listener hears first: when the key is worked on again, it knows.
        var told = aborted ? state.IsQuarantined : Judge(key, state, error);
        lock (_gate)
        {
            _quarantined += (told ? 1 : 0) - (state.IsQuarantined ? 1 : 0);
            state.IsQuarantined = told;
            _metrics.Quarantined.WithLabels(_name).Set(_quarantined);
            _schedule.Return(key, state);
            if (aborted)
                _schedule.Add(key);
            else if (error is not null)
                _schedule.AddAt(key, _time.GetTimestamp() + Ticks(PauseOf(state)));
            else if (result.Again is { } again)
                _schedule.AddAt(key, _time.GetTimestamp() + Ticks(again));
            _schedule.Trim(key);
            _unfinished--;
            if (holdsWorker)
                _busy--;
            if (_unfinished == 0)
                _drained?.TrySetResult();
            Pump();
        }
    }

    // Counts a failure or a success; returns whether the key is quarantined from now on. Only its own worker touches these counts.
    private bool Judge(TKey key, KeyState state, Exception? error)
    {
        if (error is null)
        {
            (state.Failures, state.OwnFailures) = (0, 0);
            if (state.IsQuarantined)
                Tell(() => _options.Faults?.Released(key));
            return false;
        }

        state.Failures++;
        if (!_options.IsForeign(error))
            state.OwnFailures++;
        _metrics.Retries.WithLabels(_name).Inc();
        LogFailed(error, _name, key.ToString(), state.Failures);
        if (state.OwnFailures < _options.FailuresToQuarantine)
            return false;
        Tell(() => _options.Faults?.Quarantined(key, error, state.OwnFailures));
        return true;
    }

    private TimeSpan PauseOf(KeyState state)
    {
        var chance = Random.Shared.NextDouble();
        return state.IsQuarantined ? _options.QuarantinePause * (0.75 + (chance / 2)) : _options.Backoff.After(state.Failures, chance);
    }

    private void Overdue(TKey key, TimeSpan elapsed)
    {
        _metrics.Overdue.WithLabels(_name).Inc();
        LogOverdue(_name, key.ToString(), elapsed);
        Tell(() => _options.Faults?.Overdue(key, elapsed));
    }

    private void Tell(Action tell)
    {
        try
        {
            tell();
        }
#pragma warning disable CA1031 // Who listens to faults may not make more of them.
        catch (Exception error)
#pragma warning restore CA1031
        {
            LogListenerThrew(error, _name);
        }
    }

    [LoggerMessage(20, LogLevel.Warning, "{Queue}: {Key} failed, {Failures} times in a row.")]
    private partial void LogFailed(Exception error, string queue, string? key, int failures);

    [LoggerMessage(21, LogLevel.Error, "{Queue}: the work on {Key} is cancelled after {Elapsed}.")]
    private partial void LogOverdue(string queue, string? key, TimeSpan elapsed);

    [LoggerMessage(22, LogLevel.Error, "{Queue}: who listens to faults threw.")]
    private partial void LogListenerThrew(Exception error, string queue);

    [LoggerMessage(23, LogLevel.Error, "{Queue}: {Count} handlers did not end in time and are left behind.")]
    private partial void LogLeftBehind(string queue, int count);
}
