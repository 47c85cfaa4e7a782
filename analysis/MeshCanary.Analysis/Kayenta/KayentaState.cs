using System.Collections.Immutable;
using MeshCanary.Analysis.Samples;

namespace MeshCanary.Analysis.Kayenta;

/// <summary>
/// State of a <see cref="KayentaEvaluation"/>: kept with the run. Plain finite numbers, so JSON brings it back bit for
/// bit; at most 4320 values per metric and arm.
/// </summary>
public sealed record KayentaState
{
    /// <summary>The layout that this version of the engine writes and reads.</summary>
    public const int CurrentLayout = 1;

    /// <summary>Layout of this state.</summary>
    public int Layout { get; init; } = CurrentLayout;

    /// <summary>Start of the first interval (UTC); null before it.</summary>
    public required DateTimeOffset? Origin { get; init; }

    /// <summary>End of the last interval (UTC); null before the first.</summary>
    public required DateTimeOffset? LastEnd { get; init; }

    /// <summary>Closed steps.</summary>
    public required int Steps { get; init; }

    /// <summary>What the baseline served in the step that is open.</summary>
    public required ArmCounts Control { get; init; }

    /// <summary>What the canary served in the step that is open.</summary>
    public required ArmCounts Experiment { get; init; }

    /// <summary>The values of the closed steps, in the order of the settings; none once the run is over.</summary>
    public required ImmutableArray<KayentaSeriesState> Series { get; init; }

    /// <summary>The scores of the judgements; null for one without a verdict.</summary>
    public required ImmutableArray<double?> Scores { get; init; }

    /// <summary>The last judgement; null before the first.</summary>
    public required KayentaJudgement? LastJudgement { get; init; }
}
