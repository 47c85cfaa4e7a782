using MeshCanary.Analysis.Samples;
using Wire = MeshCanary.Contracts.V1;

namespace MeshCanary.Controller.Metrics;

/// <summary>Adds up what one revision served in one window, in all and by endpoint. Not thread-safe.</summary>
internal sealed class RevisionTally
{
    private readonly ArmTally _all = new();
    private readonly SortedDictionary<string, ArmTally> _endpoints = new(StringComparer.Ordinal);

    /// <summary>Adds a report's counts.</summary>
    public void Add(Wire.RevisionCounts served)
    {
        _all.Add(Outcomes.Of(served));
        foreach (var endpoint in served.Endpoints.Where(endpoint => endpoint.Outcomes is not null))
        {
            if (!_endpoints.TryGetValue(endpoint.Address, out var tally))
                _endpoints.Add(endpoint.Address, tally = new ArmTally());
            tally.Add(Outcomes.Of(endpoint.Outcomes));
        }
    }

    /// <summary>The sums.</summary>
    public WindowArm Close() => new(
        _all.Close(), [.. _endpoints.Select(pair => new EndpointCounts(pair.Key, pair.Value.Close()))]);
}
