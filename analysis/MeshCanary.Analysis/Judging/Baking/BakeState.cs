using System.Collections.Immutable;

namespace MeshCanary.Analysis.Judging.Baking;

/// <summary>State of a <see cref="BakeWatch"/>: kept with the run and its <see cref="BakePlan"/>. JSON brings it back bit for bit.</summary>
public sealed record BakeState
{
    /// <summary>The layout that this version of the engine writes and reads.</summary>
    public const int CurrentVersion = 1;

    /// <summary>Layout of this state.</summary>
    public int Version { get; init; } = CurrentVersion;

    /// <summary>Intervals with requests.</summary>
    public required int Intervals { get; init; }

    /// <summary>The guards, in the order of the settings.</summary>
    public required ImmutableArray<GuardState> Guards { get; init; }

    /// <summary>The metrics, in the order of the plan.</summary>
    public required ImmutableArray<BakeMetricState> Metrics { get; init; }
}
