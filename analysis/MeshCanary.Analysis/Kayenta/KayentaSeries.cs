using System.Collections.Immutable;

namespace MeshCanary.Analysis.Kayenta;

/// <summary>Values of one metric, with one set of tags, in one arm over time: a metric set of Kayenta.</summary>
public sealed record KayentaSeries
{
    /// <summary>The metric's name.</summary>
    public required string Name { get; init; }

    /// <summary>What tells this series from others of the metric. A series without tags beside tagged ones is a placeholder.</summary>
    public ImmutableSortedDictionary<string, string> Tags { get; init; } = ImmutableSortedDictionary<string, string>.Empty;

    /// <summary>Start of the window that was asked for (UTC).</summary>
    public required DateTimeOffset Start { get; init; }

    /// <summary>End of that window (UTC).</summary>
    public required DateTimeOffset End { get; init; }

    /// <summary>Time from value to value; zero when it is not known.</summary>
    public required TimeSpan Step { get; init; }

    /// <summary>The values in order of time; NaN where there is none.</summary>
    public required ImmutableArray<double> Values { get; init; }

    /// <summary>How many values the window has room for: ⌊(end − start) / step⌋, 0 without a step or a window.</summary>
    public int ExpectedPoints => Step <= TimeSpan.Zero || End <= Start ? 0 : (int)Math.Min((End - Start).Ticks / Step.Ticks, Array.MaxLength);
}
