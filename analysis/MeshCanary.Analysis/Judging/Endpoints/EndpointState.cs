using System.Collections.Immutable;

namespace MeshCanary.Analysis.Judging.Endpoints;

/// <summary>State of one endpoint of the canary.</summary>
public sealed record EndpointState
{
    /// <summary>Its name.</summary>
    public required string Endpoint { get; init; }

    /// <summary>Intervals in a row in which it served nothing while the canary did.</summary>
    public required int Absent { get; init; }

    /// <summary>Highest ln of the FAIL evidence without it.</summary>
    public required double HighestWithout { get; init; }

    /// <summary>Highest ln of the evidence that it is worse than the others.</summary>
    public required double HighestApart { get; init; }

    /// <summary>Its metrics: errors, then latency by percentile.</summary>
    public required ImmutableArray<EndpointMetricState> Metrics { get; init; }
}
