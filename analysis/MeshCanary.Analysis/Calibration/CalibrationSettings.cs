using System.Collections.Immutable;

namespace MeshCanary.Analysis.Calibration;

/// <summary>What a calibration is set to. Immutable.</summary>
public sealed record CalibrationSettings
{
    private const int MaximumPercentiles = 16;

    /// <summary>Latency percentiles to measure beside errors, each inside (0, 100), increasing, at most 16.</summary>
    public ImmutableArray<double> LatencyPercentiles { get; init; } = [50, 90, 99];

    /// <summary>Compared blocks of a minute that every metric needs to be fresh; at least 12.</summary>
    public int MinimumBlocks { get; init; } = 60;

    /// <summary>Age of the newest compared block from which on the history is stale.</summary>
    public TimeSpan MaximumAge { get; init; } = TimeSpan.FromDays(7);

    /// <summary>Days (UTC) that are kept, the newest included; 1 to 31.</summary>
    public int WindowDays { get; init; } = 7;

    /// <summary>Successful requests needed before latency edges are chosen for the first time.</summary>
    public long MinimumEdgeRequests { get; init; } = 1000;

    /// <summary>The false-rollback rate that evidence tempered by an estimated φ is to keep, in (0, 0.5].</summary>
    public double FalseRollbackRate { get; init; } = 0.01;

    /// <exception cref="ArgumentException">What is wrong with these settings.</exception>
    internal void Require()
    {
        Require(MinimumBlocks >= SmallSample.EnoughBatches, $"{nameof(MinimumBlocks)} is {MinimumBlocks}; it must be at least {SmallSample.EnoughBatches}.");
        Require(MaximumAge > TimeSpan.Zero, $"{nameof(MaximumAge)} is {MaximumAge}; it must be above zero.");
        Require(WindowDays is >= 1 and <= 31, $"{nameof(WindowDays)} is {WindowDays}; it must be from 1 to 31.");
        Require(MinimumEdgeRequests >= 1, $"{nameof(MinimumEdgeRequests)} is {MinimumEdgeRequests}; it must be at least 1.");
        Require(FalseRollbackRate is > 0 and <= 0.5, $"{nameof(FalseRollbackRate)} is {FalseRollbackRate}; it must be above 0 and at most 0.5.");
        Require(!LatencyPercentiles.IsDefault, $"{nameof(LatencyPercentiles)} is missing; use an empty list to measure no latency.");
        Require(LatencyPercentiles.Length <= MaximumPercentiles, $"{nameof(LatencyPercentiles)} has {LatencyPercentiles.Length} values; at most {MaximumPercentiles} are allowed.");
        for (var i = 0; i < LatencyPercentiles.Length; i++)
        {
            var lowest = i == 0 ? 0 : LatencyPercentiles[i - 1];
            Require(LatencyPercentiles[i] > lowest && LatencyPercentiles[i] < 100, $"{nameof(LatencyPercentiles)}[{i}] is {LatencyPercentiles[i]}; it must be above {lowest} and below 100.");
        }
    }

    private static void Require(bool holds, FormattableString problem)
    {
        if (!holds)
            throw new ArgumentException(FormattableString.Invariant(problem));
    }
}
