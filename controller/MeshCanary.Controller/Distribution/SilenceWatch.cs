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
    public SilenceWatch(IProxyDirectory directory, TimeSpan period, TimeProvider time) =>
        _loop = RunAsync(directory, period, time);

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync().ConfigureAwait(false);
        await _loop.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _stop.Dispose();
    }

    private async Task RunAsync(IProxyDirectory directory, TimeSpan period, TimeProvider time)
    {
        using var timer = new PeriodicTimer(period, time);
        while (await timer.WaitForNextTickAsync(_stop.Token).ConfigureAwait(false))
        {
            foreach (var room in directory.Rooms)
                Look(room, time.GetUtcNow());
        }
    }

    private static void Look(ProxyRoom room, DateTimeOffset now)
    {
        var limit = room.ReportInterval * MissedReports;
        foreach (var silent in room.Registry.Sessions.Where(session => now - session.LastHeard > limit && session.Owed < ManyOwed))
        {
            silent.Drop($"Nothing was heard of the proxy for {limit.TotalSeconds:0.#} s.");
            // Not when the call has wound down: a half-open connection may take its time.
            room.Registry.Detach(silent, inOrder: false);
        }
    }
}
