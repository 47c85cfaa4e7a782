using System.Collections.Immutable;
using MeshCanary.Analysis.Judging;
using MeshCanary.Rollouts.States;

namespace MeshCanary.Controller.Recording;

/// <summary>
/// Everything that a run's verdicts rest on, in order: enough to compute every one of them again, bit for bit
/// (<see cref="RunReplayer"/>).
/// </summary>
public sealed record RunRecord
{
    /// <summary>The format of a record that this build writes.</summary>
    public const int CurrentFormat = 2;

    /// <summary>Format of this record.</summary>
    public int Format { get; init; } = CurrentFormat;

    /// <summary><c>namespace/name</c> of the Canary.</summary>
    public required string Canary { get; init; }

    /// <summary>The run, with both revisions and its outcome so far.</summary>
    public required Run Run { get; init; }

    /// <summary>Length of an interval.</summary>
    public required TimeSpan Interval { get; init; }

    /// <summary>What the judge was set to for the whole run.</summary>
    public required AnalysisSettings Settings { get; init; }

    /// <summary>Intervals that a bake takes.</summary>
    public long BakeIntervals { get; init; }

    /// <summary>The intervals in order. Verdicts before the last one that <see cref="RunInterval.IsAfresh"/> are of an older engine.</summary>
    public required ImmutableArray<RunInterval> Intervals { get; init; }
}
