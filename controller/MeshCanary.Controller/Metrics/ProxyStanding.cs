using Wire = MeshCanary.Contracts.V1;

namespace MeshCanary.Controller.Metrics;

/// <summary>What one proxy instance last said of one route, beside its counts.</summary>
/// <param name="Proxy">The proxy's name.</param>
/// <param name="Circuit">Its circuit; null when it has none.</param>
/// <param name="Opening">The last time that it opened; null when it never did. Stays when the circuit closes again.</param>
/// <param name="Exposure">What it spent; null when nothing is limited.</param>
internal sealed record ProxyStanding(string Proxy, Wire.CircuitReport? Circuit, CircuitOpening? Opening, Wire.ExposureReport? Exposure)
{
    /// <summary>The standing after a report, and whether somebody should look at it at once.</summary>
    public static (ProxyStanding Standing, bool Matters) Of(ProxyStanding? before, string proxy, Wire.RouteCounts counts, DateTimeOffset end)
    {
        var (circuit, exposure) = (counts.Circuit, counts.Exposure);
        var known = before?.Circuit is { } last && last.CanaryRevision == circuit?.CanaryRevision ? last.Openings : 0;
        var opens = circuit is not null && (circuit.State == Wire.CircuitReport.Types.State.Open || circuit.Openings > known);
        var opening = opens
            ? new CircuitOpening(circuit!.CanaryRevision, end, circuit.CanaryFailures, circuit.CanaryRequests, circuit.StableFailures, circuit.StableRequests)
            : before?.Opening;
        return (new ProxyStanding(proxy, circuit, opening, exposure ?? before?.Exposure), opens || Asks(exposure));
    }

    // It has spent half of what it has, of which there may be nothing.
    private static bool Asks(Wire.ExposureReport? exposure) => exposure is not null
        && ((exposure.HasAllowedRequests && exposure.Requests * 2 >= exposure.AllowedRequests)
            || (exposure.HasAllowedFailures && exposure.Failures * 2 >= exposure.AllowedFailures));
}
