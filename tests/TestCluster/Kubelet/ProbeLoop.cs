using System.Net.Sockets;
using k8s.Models;

namespace MeshCanary.TestCluster.Kubelet;

/// <summary>Runs one probe of one container again and again.</summary>
/// <param name="probe">The probe.</param>
/// <param name="action">Asks the container.</param>
/// <param name="time">The clock.</param>
internal sealed class ProbeLoop(V1Probe probe, ProbeAction action, TimeProvider time)
{
    // A kubelet sticks to the period, ten seconds by default. Whoever waits for a pod to start gains nothing by that.
    private static readonly TimeSpan Eager = TimeSpan.FromMilliseconds(100);

    /// <summary>Probes until cancelled.</summary>
    /// <param name="eager">Whether to ask more often than the period until the first success.</param>
    /// <param name="judged">Told after each threshold that is reached: whether the probe stands.</param>
    /// <param name="cancellation">Ends it.</param>
    public async Task RunAsync(bool eager, Action<bool> judged, CancellationToken cancellation)
    {
        await Task.Delay(TimeSpan.FromSeconds(probe.InitialDelaySeconds ?? 0), time, cancellation);
        var period = TimeSpan.FromSeconds(Math.Max(1, probe.PeriodSeconds ?? 10));
        var (successes, failures, stood) = (0, 0, false);
        while (true)
        {
            if (await AskAsync(cancellation))
                (successes, failures) = (successes + 1, 0);
            else
                (successes, failures) = (0, failures + 1);

            if (successes >= (probe.SuccessThreshold ?? 1))
            {
                stood = true;
                judged(true);
            }
            else if (failures >= (probe.FailureThreshold ?? 3))
            {
                judged(false);
                failures = 0;
            }

            await Task.Delay(eager && !stood ? Eager : period, time, cancellation);
        }
    }

    private async Task<bool> AskAsync(CancellationToken cancellation)
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(Math.Max(1, probe.TimeoutSeconds ?? 1)), time);
        using var both = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancellation);
        try
        {
            return await action.AskAsync(probe, both.Token);
        }
        catch (Exception failure) when (failure is HttpRequestException or SocketException or IOException or OperationCanceledException)
        {
            cancellation.ThrowIfCancellationRequested();
            return false;
        }
    }
}
