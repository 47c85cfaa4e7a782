namespace MeshCanary.Controller.Workloads;

/// <summary>Watches one endpoint until it is disposed.</summary>
internal sealed class EndpointWatch : IAsyncDisposable
{
    /// <summary>Time from look to look where nobody says otherwise.</summary>
    public static readonly TimeSpan Period = TimeSpan.FromSeconds(1);

    // One lost answer is no outage; the proxies look for themselves anyway.
    private const int FailuresToLeave = 2;

    private readonly CancellationTokenSource _stop = new();
    private readonly Task _loop;
    private volatile int _state = Unknown;

    private const int Unknown = -1;
    private const int NotReady = 0;
    private const int IsReady = 1;

    /// <param name="ask">Probes once: null when ready, else why not.</param>
    /// <param name="changed">Called when the answer changed.</param>
    /// <param name="period">Time from look to look.</param>
    /// <param name="time">The clock.</param>
    public EndpointWatch(Func<CancellationToken, Task<string?>> ask, Action changed, TimeSpan period, TimeProvider time) =>
        _loop = Task.Run(() => RunAsync(ask, changed, period, time));

    /// <summary>Whether it is ready; null before the first answer.</summary>
    public bool? Ready => _state == Unknown ? null : _state == IsReady;

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync().ConfigureAwait(false);
        await _loop.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _stop.Dispose();
    }

    private async Task RunAsync(Func<CancellationToken, Task<string?>> ask, Action changed, TimeSpan period, TimeProvider time)
    {
        var failures = 0;
        using var timer = new PeriodicTimer(period, time);
        do
        {
            var fault = await ask(_stop.Token).ConfigureAwait(false);
            failures = fault is null ? 0 : failures + 1;
            var next = fault is null ? IsReady : _state == IsReady && failures < FailuresToLeave ? IsReady : NotReady;
            if (next == _state)
                continue;
            _state = next;
            changed();
        }
        while (await timer.WaitForNextTickAsync(_stop.Token).ConfigureAwait(false));
    }
}
