using System.Runtime.CompilerServices;
using Yarp.ReverseProxy.Health;
using Yarp.ReverseProxy.Model;

namespace MeshCanary.Proxy.Forwarding;

/// <summary>
/// Judges the probes of an endpoint: a new one is what its first probe says, a healthy one may fail once, and an
/// unhealthy one is healthy again with its first success.
/// </summary>
internal sealed class ProbePolicy(IDestinationHealthUpdater health) : IActiveHealthCheckPolicy
{
    public const string PolicyName = "MeshCanary.Probe";

    private const int FailuresOfAHealthyOne = 2;

    private readonly ConditionalWeakTable<DestinationState, StrongBox<int>> _failures = [];

    public string Name => PolicyName;

    public void ProbingCompleted(ClusterState cluster, IReadOnlyList<DestinationProbingResult> probingResults) =>
        health.SetActive(cluster, probingResults.Select(result => new NewActiveDestinationHealth(result.Destination, Judge(result))).ToList());

    private DestinationHealth Judge(DestinationProbingResult result)
    {
        var failures = _failures.GetOrCreateValue(result.Destination);
        if (result.Response is { IsSuccessStatusCode: true })
        {
            failures.Value = 0;
            return DestinationHealth.Healthy;
        }

        failures.Value++;
        return result.Destination.Health.Active == DestinationHealth.Healthy && failures.Value < FailuresOfAHealthyOne
            ? DestinationHealth.Healthy
            : DestinationHealth.Unhealthy;
    }
}
