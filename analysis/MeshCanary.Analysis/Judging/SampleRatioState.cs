using System.Collections.Immutable;
using MeshCanary.Analysis.Samples;

namespace MeshCanary.Analysis.Judging;

/// <summary>State of the sample-ratio test.</summary>
public sealed record SampleRatioState
{
    /// <summary>All draws so far per canary weight, in the order in which the weights came.</summary>
    public required ImmutableArray<DrawCounts> Draws { get; init; }

    /// <summary>The fault once it is proven.</summary>
    public required string? Fault { get; init; }
}
