using MeshCanary.Analysis.Sequential;

namespace MeshCanary.Analysis.Judging.Environment;

/// <summary>State of the comparison of the baseline arm with stable in one metric.</summary>
public sealed record EnvironmentMetricState
{
    /// <summary>The process "the baseline arm is worse".</summary>
    public required ProcessState Worse { get; init; }

    /// <summary>The process "stable is worse".</summary>
    public required ProcessState Better { get; init; }

    /// <summary>Requests of stable.</summary>
    public required long StableRequests { get; init; }

    /// <summary>Bad ones of stable.</summary>
    public required long StableEvents { get; init; }

    /// <summary>Requests of the baseline arm.</summary>
    public required long BaselineRequests { get; init; }

    /// <summary>Bad ones of the baseline arm.</summary>
    public required long BaselineEvents { get; init; }
}
