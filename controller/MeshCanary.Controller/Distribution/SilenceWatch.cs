namespace MeshCanary.Controller.Distribution;

/// <summary>Drops proxies that have gone silent, so that nobody waits for their acknowledgement.</summary>
internal sealed class SilenceWatch : IAsyncDisposable
{
    private const int MissedReports = 10;

    // Below what a proxy keeps: as long as the state cannot be stored, it has reason to be silent.
    private const long ManyOwed = 100;

    private readonly CancellationTokenSource _stop = new();
    private readonly Task _loop;

    /// <summary>Begins to watch.</summary>
    public SilenceWatch(ProxyRegistry registry, TimeSpan reportInterval, TimeProvider time) =>
        _loop = RunAsync(registry, reportInterval, time);

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync().ConfigureAwait(false);
        await _loop.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _stop.Dispose();
    }

    private async Task RunAsync(ProxyRegistry registry, TimeSpan reportInterval, TimeProvider time)
    {
        var limit = reportInterval * MissedReports;
        using var timer = new PeriodicTimer(reportInterval, time);
        while (await timer.WaitForNextTickAsync(_stop.Token).ConfigureAwait(false))
        {
            foreach (var silent in registry.Sessions.Where(session => time.GetUtcNow() - session.LastHeard > limit && session.Owed < ManyOwed))
            {
                silent.Drop($"Nothing was heard of the proxy for {limit.TotalSeconds:0.#} s.");
                // Not when the call has wound down: a half-open connection may take its time.
                registry.Detach(silent, inOrder: false);
            }
        }
    }
}
