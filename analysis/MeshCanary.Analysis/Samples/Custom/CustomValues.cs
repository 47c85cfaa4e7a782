using System.Collections.Immutable;
using System.Text.Json.Serialization;

namespace MeshCanary.Analysis.Samples.Custom;

/// <summary>An arm's answer: one of a value, events of a total, or buckets. Immutable.</summary>
public sealed record CustomValues
{
    /// <summary>One finite number.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public double? Value { get; init; }

    /// <summary>Events, or null.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public long? Events { get; init; }

    /// <summary>What they are a part of, or null.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public long? Total { get; init; }

    /// <summary>Upper boundaries of the buckets, rising, without the infinite one; null without buckets.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public ImmutableArray<double>? Boundaries { get; init; }

    /// <summary>Observations at or below each boundary, and all of them as the last one; never falling.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public ImmutableArray<long>? Cumulative { get; init; }
}
