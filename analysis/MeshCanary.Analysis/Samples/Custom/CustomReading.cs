namespace MeshCanary.Analysis.Samples.Custom;

/// <summary>What was answered to one metric's query for one span of time, or why nothing was. Immutable.</summary>
public sealed record CustomReading
{
    /// <summary>The metric's name.</summary>
    public required string Metric { get; init; }

    /// <summary>Start of the span that was asked for.</summary>
    public required DateTimeOffset From { get; init; }

    /// <summary>Its end.</summary>
    public required DateTimeOffset To { get; init; }

    /// <summary>Whether the span, or a part of it, lies in the warm-up: guards look at it, the tests do not.</summary>
    public bool IsWarmup { get; init; }

    /// <summary>Why there is no answer, in plain words; null when there is one.</summary>
    public string? Absence { get; init; }

    /// <summary>The canary's answer; null with an absence.</summary>
    public CustomValues? Canary { get; init; }

    /// <summary>Stable's answer; null with an absence, and where only the canary was asked for.</summary>
    public CustomValues? Stable { get; init; }
}
