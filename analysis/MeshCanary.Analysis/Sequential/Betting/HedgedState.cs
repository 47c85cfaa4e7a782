using System.Collections.Immutable;

namespace MeshCanary.Analysis.Sequential.Betting;

/// <summary>State of a hedged confidence sequence.</summary>
public sealed record HedgedState
{
    /// <summary>Moments of the values so far.</summary>
    public required BetState Bet { get; init; }

    /// <summary>ln K⁺ per mean of the grid.</summary>
    public required ImmutableArray<double> LogUp { get; init; }

    /// <summary>ln K⁻ per mean of the grid.</summary>
    public required ImmutableArray<double> LogDown { get; init; }

    /// <summary>Place of the lower end on the grid.</summary>
    public required int Low { get; init; }

    /// <summary>Place of the upper end on the grid.</summary>
    public required int High { get; init; }
}
