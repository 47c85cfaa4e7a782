using System.Collections.Immutable;
using System.Text.Json.Serialization;
using MeshCanary.Analysis.Display;
using MeshCanary.Analysis.Sequential;

namespace MeshCanary.Analysis.Judging.Custom;

/// <summary>State of one custom metric; what its kind does not have is null or empty.</summary>
public sealed record CustomState
{
    /// <summary>The metric's name, to recognise a state that belongs to other settings.</summary>
    public required string Metric { get; init; }

    /// <summary>Questions answered.</summary>
    public required int Answered { get; init; }

    /// <summary>Questions without an answer.</summary>
    public required int Unanswered { get; init; }

    /// <summary>Why the newest question has no answer; null when it has one.</summary>
    public string? Absence { get; init; }

    /// <summary>End of the newest span that was asked for; null before the first.</summary>
    public DateTimeOffset? Through { get; init; }

    /// <summary>The guard.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public CustomGuardState? Guard { get; init; }

    /// <summary>Tests on counts, in order.</summary>
    public ImmutableArray<ShareState> Shares { get; init; } = [];

    /// <summary>Tests on pairs of numbers, in order: FAIL and PASS of each side.</summary>
    public ImmutableArray<SymmetryState> Pairs { get; init; } = [];

    /// <summary>The differences of pairs.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public MeanState? Means { get; init; }

    /// <summary>Mean of the canary's values.</summary>
    public double CanaryMean { get; init; }

    /// <summary>Mean of stable's values.</summary>
    public double StableMean { get; init; }

    /// <summary>The buckets that edges are placed by.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public BucketState? Buckets { get; init; }
}
