using MeshCanary.Analysis.Samples;

namespace MeshCanary.Analysis.Planning;

/// <summary>What a service is expected to serve while it is rolled out, both arms together.</summary>
public sealed record TrafficForecast
{
    /// <summary>Requests per second of both arms, above 0.</summary>
    public required double RequestsPerSecond { get; init; }

    /// <summary>Share of failed requests of the stable version, 0 to below 1.</summary>
    public required double StableErrorRate { get; init; }

    /// <summary>Latencies of stable's successful requests; empty when they are not known (latency is then not planned for).</summary>
    public LatencyHistogram StableLatency { get; init; } = LatencyHistogram.Empty;

    /// <summary>Requests per second by arm at a canary share (0…1).</summary>
    public TrafficRates At(double canaryShare) => new(RequestsPerSecond * canaryShare, RequestsPerSecond * (1 - canaryShare));
}
