using System.Collections.Immutable;
using System.Text.Json.Serialization;
using MeshCanary.Analysis.Judging;
using MeshCanary.Analysis.Judging.Baking;
using MeshCanary.Analysis.Samples;
using MeshCanary.Controller.Metrics;
using MeshCanary.Controller.Metrics.Templates;

namespace MeshCanary.Controller.Recording;

/// <summary>One interval of a run with the verdict after it.</summary>
public sealed record RunInterval
{
    /// <summary>1, 2, 3… within the run.</summary>
    public required int Number { get; init; }

    /// <summary>What it was used for.</summary>
    public required IntervalUse Use { get; init; }

    /// <summary>Index of the step it fell into.</summary>
    public required int Step { get; init; }

    /// <summary>Versions of the proxies' configuration that were in force.</summary>
    public required ImmutableArray<long> ConfigVersions { get; init; }

    /// <summary>Whether the judge began with it: the first interval, and one after an update that could not go on from the state before.</summary>
    public bool IsAfresh { get; init; }

    /// <summary>The counts.</summary>
    public required IntervalSample Sample { get; init; }

    /// <summary>What custom metrics' sources were asked, and what they answered; the numbers are in the counts as well. Null for nothing.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public ImmutableArray<AskedSpan>? Asked { get; init; }

    /// <summary>Copies that the canary got in it; null when nothing was mirrored. No verdict rests on them.</summary>
    public MirrorFigures? Mirrored { get; init; }

    /// <summary>What was asked for the counts, in the source's own language; empty where they were reported.</summary>
    public ImmutableArray<string> Queries { get; init; } = [];

    /// <summary>The verdict after it; null for <see cref="IntervalUse.Bake"/>.</summary>
    public Verdict? Verdict { get; init; }

    /// <summary>How the promoted revision did by the end of it; null except for <see cref="IntervalUse.Bake"/>.</summary>
    public BakeAssessment? Bake { get; init; }
}
