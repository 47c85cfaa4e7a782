namespace MeshCanary.Analysis.Sequential.Betting;

/// <summary>State of a betting e-process.</summary>
public sealed record BettingState
{
    /// <summary>Moments of the values so far.</summary>
    public required BetState Bet { get; init; }

    /// <summary>ln K.</summary>
    public required double LogCapital { get; init; }

    /// <summary>Highest ln K so far.</summary>
    public required double Highest { get; init; }
}
