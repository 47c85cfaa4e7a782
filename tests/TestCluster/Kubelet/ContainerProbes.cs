using k8s.Models;

namespace MeshCanary.TestCluster.Kubelet;

/// <summary>The three probes of one run of a container.</summary>
/// <param name="container">The container.</param>
/// <param name="action">Asks it.</param>
/// <param name="time">The clock.</param>
internal sealed class ContainerProbes(V1Container container, ProbeAction action, TimeProvider time)
{
    /// <summary>Probes until cancelled.</summary>
    /// <param name="ready">Told whether the container is ready, first of all when it has started.</param>
    /// <param name="failed">Told when the container must be started again.</param>
    /// <param name="cancellation">Ends it.</param>
    public async Task RunAsync(Action<bool> ready, Action failed, CancellationToken cancellation)
    {
        try
        {
            await StartupAsync(failed, cancellation);
            ready(container.ReadinessProbe is null);
            await Task.WhenAll(
                RunAsync(container.LivenessProbe, eager: false, stands => Unless(stands, failed), cancellation),
                RunAsync(container.ReadinessProbe, eager: true, ready, cancellation));
        }
        catch (OperationCanceledException) when (cancellation.IsCancellationRequested)
        {
            // The run is over.
        }
    }

    private async Task StartupAsync(Action failed, CancellationToken cancellation)
    {
        using var started = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        void Judge(bool stands)
        {
            if (stands)
                started.Cancel();
            else
                failed();
        }

        await RunAsync(container.StartupProbe, eager: true, Judge, started.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        cancellation.ThrowIfCancellationRequested();
    }

    private Task RunAsync(V1Probe? probe, bool eager, Action<bool> judged, CancellationToken cancellation) =>
        probe is null ? Task.CompletedTask : new ProbeLoop(probe, action, time).RunAsync(eager, judged, cancellation);

    private static void Unless(bool stands, Action failed)
    {
        if (!stands)
            failed();
    }
}
