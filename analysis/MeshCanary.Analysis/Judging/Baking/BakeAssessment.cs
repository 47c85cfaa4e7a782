using System.Collections.Immutable;

namespace MeshCanary.Analysis.Judging.Baking;

/// <summary>How a promoted version does while it bakes.</summary>
public sealed record BakeAssessment
{
    /// <summary>Why it has to go, with numbers and without a full stop; null while nothing speaks against it. Once given it stays.</summary>
    public required string? Regression { get; init; }

    /// <summary>The guard that it broke; null when none.</summary>
    public required GuardBreach? Breach { get; init; }

    /// <summary>Intervals with requests.</summary>
    public required int Intervals { get; init; }

    /// <summary>Evidence per metric; empty when only guards watch.</summary>
    public required ImmutableArray<BakeEvidence> Metrics { get; init; }
}
