using MeshCanary.Controller.Workloads;
using MeshCanary.Rollouts.Specs;

namespace MeshCanary.Controller.Hosting;

/// <summary>Refuses to take over a service that is not there.</summary>
internal static class StableCheck
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(250);

    /// <summary>Waits for an answer of every Canary's stable version.</summary>
    /// <exception cref="IOException">Some do not answer; the message names every address with its fault.</exception>
    public static async Task VerifyAsync(IEnumerable<CanaryManifest> canaries, EndpointProbe probe, TimeProvider time, CancellationToken cancellationToken)
    {
        var faults = await Task.WhenAll(canaries.Select(canary => FindFaultAsync(canary, probe, time, cancellationToken))).ConfigureAwait(false);
        if (faults.OfType<string>().ToList() is { Count: > 0 } found)
            throw new IOException($"{string.Join(" ", found)} Start the stable version first, or correct spec.workload.stable. Nothing was changed.");
    }

    private static async Task<string?> FindFaultAsync(CanaryManifest canary, EndpointProbe probe, TimeProvider time, CancellationToken cancellationToken)
    {
        var (stable, how) = (canary.Spec.Workload.GivenStable, LookingAt.Of(canary.Spec));
        var began = time.GetTimestamp();
        while (true)
        {
            var faults = await Task.WhenAll(stable.Addresses.Select(address => probe.ProbeAsync(address, how, cancellationToken))).ConfigureAwait(false);
            if (faults.Contains(null))
                return null;
            if (time.GetElapsedTime(began) >= Patience)
                return $"Canary {canary.Key}: no address of the stable version {stable.Name} answers: {string.Join("; ", stable.Addresses.Zip(faults, (address, fault) => $"{address}: {fault}"))}.";
            await Task.Delay(Pause, time, cancellationToken).ConfigureAwait(false);
        }
    }
}
