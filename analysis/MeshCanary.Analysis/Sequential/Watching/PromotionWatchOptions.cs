using MeshCanary.Analysis.Numerics;

namespace MeshCanary.Analysis.Sequential.Watching;

/// <summary>How one metric is watched after promotion.</summary>
public sealed record PromotionWatchOptions
{
    /// <summary>α: most that the probability of a false alarm within the planned intervals may be, inside (0, ½).</summary>
    public double Alpha { get; init; } = 0.01;

    /// <summary>T: intervals of the bake, 1 to 1,000,000. Later ones are watched too, but outside α.</summary>
    public required int PlannedIntervals { get; init; }

    /// <summary>What is tolerated above the reference: p ≤ a + (1+r)·p₀.</summary>
    public Margin Margin { get; init; } = new(0.0005, 0.1);

    /// <summary>φ ≥ 1 that divides the evidence and the worth of the reference.</summary>
    public double Overdispersion { get; init; } = 1;

    /// <summary>Refuses values outside their ranges.</summary>
    /// <exception cref="ArgumentOutOfRangeException">A value is outside its range.</exception>
    internal void Check()
    {
        if (!(Alpha is > 0 and < 0.5))
            throw new ArgumentOutOfRangeException(nameof(Alpha), Alpha, "Give an alpha between 0 and 0.5, without the ends.");
        if (PlannedIntervals is < 1 or > 1_000_000)
            throw new ArgumentOutOfRangeException(nameof(PlannedIntervals), PlannedIntervals, "Give 1 to 1,000,000 intervals.");
        Require.NotNegative(Margin.Absolute);
        Require.NotNegative(Margin.Relative);
        Require.Overdispersion(Overdispersion);
    }
}
