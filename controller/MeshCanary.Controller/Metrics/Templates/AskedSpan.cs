using System.Collections.Immutable;
using System.Text.Json.Serialization;
using MeshCanary.Analysis.Samples.Custom;

namespace MeshCanary.Controller.Metrics.Templates;

/// <summary>What was asked of one metric about one span of time, and what came back. Immutable.</summary>
public sealed record AskedSpan
{
    /// <summary>The metric's name.</summary>
    public required string Metric { get; init; }

    /// <summary>Start of the span.</summary>
    public required DateTimeOffset From { get; init; }

    /// <summary>Its end.</summary>
    public required DateTimeOffset To { get; init; }

    /// <summary>Why there is no answer, in plain words; null when there is one.</summary>
    public string? Absence { get; init; }

    /// <summary>The canary's answer; null with an absence.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public CustomValues? Canary { get; init; }

    /// <summary>Stable's answer; null with an absence, or when only the canary was asked for.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public CustomValues? Stable { get; init; }

    /// <summary>The questions, as they were last asked; empty when none could be.</summary>
    public ImmutableArray<AskedQuestion> Questions { get; init; } = [];

    /// <summary>The span as the judge takes it.</summary>
    /// <param name="countedFrom">End of the warm-up; null while it lasts.</param>
    public CustomReading Reading(DateTimeOffset? countedFrom) => new()
    {
        Metric = Metric,
        From = From,
        To = To,
        IsWarmup = !(From >= countedFrom),
        Absence = Absence,
        Canary = Canary,
        Stable = Stable,
    };
}
