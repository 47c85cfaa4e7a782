namespace MeshCanary.Proxy.Endpoints;

/// <summary>Does something at once and then again and again, one at a time, until it is stopped.</summary>
/// <param name="tools">The agenda and the clock.</param>
/// <param name="interval">Between the beginnings of two.</param>
/// <param name="what">What to do; false ends it.</param>
internal sealed class Repetition(EndpointTools tools, TimeSpan interval, Func<CancellationToken, Task<bool>> what)
{
    private Action? _stop;

    /// <summary>Begins; does nothing when it is under way. One call of this and of <see cref="Stop"/> at a time.</summary>
    public void Start()
    {
        if (_stop is not null)
            return;
        // Not disposed: without a timer it holds nothing.
        var stop = new CancellationTokenSource();
        _stop = () => _ = stop.CancelAsync();
        Next(TimeSpan.Zero, first: true, stop.Token);
    }

    /// <summary>Ends, and cancels what is under way. May begin again.</summary>
    public void Stop()
    {
        _stop?.Invoke();
        _stop = null;
    }

    private void Next(TimeSpan delay, bool first, CancellationToken stop) => tools.Agenda.After(delay, () =>
    {
        if (!stop.IsCancellationRequested)
            _ = DoAsync(first, stop);
    });

    private async Task DoAsync(bool first, CancellationToken stop)
    {
        var began = tools.Time.GetTimestamp();
        try
        {
            if (!await what(stop))
                return;
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            return;
        }
        catch (Exception fault)
        {
            tools.Agenda.Report(fault);
        }

        // The second comes early, each by another chance: endpoints that came together are not asked together for ever.
        var pause = first ? interval * (0.5 + (Random.Shared.NextDouble() / 2)) : interval;
        var left = pause - tools.Time.GetElapsedTime(began);
        Next(left > TimeSpan.Zero ? left : TimeSpan.Zero, first: false, stop);
    }
}
