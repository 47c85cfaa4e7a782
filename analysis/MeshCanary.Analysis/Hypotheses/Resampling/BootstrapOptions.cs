using MeshCanary.Analysis.Numerics;

namespace MeshCanary.Analysis.Hypotheses.Resampling;

/// <summary>How a block bootstrap is done.</summary>
public sealed record BootstrapOptions
{
    private const int MostReplicates = 1_000_000;

    /// <summary>How stretches are drawn.</summary>
    public BootstrapScheme Scheme { get; init; } = BootstrapScheme.MovingBlock;

    /// <summary>Length of a stretch in blocks (the mean length when stationary), at least 1: longer than the dependence lasts.</summary>
    public int BlockLength { get; init; } = 5;

    /// <summary>Replicates, 100 to 1,000,000.</summary>
    public int Replicates { get; init; } = 2000;

    /// <summary>Confidence of the percentile interval, inside (0, 1).</summary>
    public double Confidence { get; init; } = 0.95;

    /// <summary>Seed of the draws.</summary>
    public int Seed { get; init; } = 1;

    /// <summary>What the statistic is called.</summary>
    public string Measure { get; init; } = "statistic";

    internal void Check()
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(BlockLength, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(Replicates, 100);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(Replicates, MostReplicates);
        Require.Confidence(Confidence, nameof(Confidence));
    }
}
