namespace MeshCanary.Proxy.Reporting;

/// <summary>Ends an interval as often as the controller wants, connected or not.</summary>
internal sealed class ReportClock(ReportQueue reports, ControllerLink link, ProxyMetrics metrics, TimeProvider time)
{
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        using var timer = new PeriodicTimer(link.ReportInterval, time);
        while (await timer.WaitForNextTickAsync(cancellationToken))
        {
            // Before the interval ends: what it forgets must have been seen.
            metrics.Update();
            reports.TryTake();
            link.Wake();
            if (timer.Period != link.ReportInterval)
                timer.Period = link.ReportInterval;
        }
    }

    /// <summary>Sends what is left, and waits a while for its receipt.</summary>
    public async Task FlushAsync(TimeSpan limit)
    {
        metrics.Update();
        reports.TryTake(evenWhenFull: true);
        link.Wake();
        if (link.Connected)
            await reports.WhenEmptyAsync().WaitAsync(limit, time).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }
}
