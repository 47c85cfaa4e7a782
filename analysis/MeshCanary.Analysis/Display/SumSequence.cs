using MeshCanary.Analysis.Sequential.Boundaries;

namespace MeshCanary.Analysis.Display;

/// <summary>
/// Confidence sequence for the weighted mean of any series of estimates with variances: S = Σ w·x, V = Σ w²·var, W = Σ w and
/// S/W ± √((V+ρ)(ln(1+V/ρ) + 2·ln(1/α)))/W. The two-sided normal mixture of Howard et al. 2021, exact for independent
/// normal estimates of known variance, otherwise asymptotic in the sense of Waudby-Smith, Arbour, Sinha, Kennedy and
/// Ramdas 2024, "Time-uniform central limit theory and asymptotic confidence sequences", Ann. Stat. 52:2613. For display.
/// Not thread-safe.
/// </summary>
public sealed class SumSequence
{
    private readonly TwoSidedNormalMixture _mixture;
    private readonly double _alpha;
    private SumState _state = new(0, 0, 0);

    /// <summary>Starts with nothing.</summary>
    /// <param name="alpha">Probability that the truth is ever outside, inside (0, 1).</param>
    /// <param name="tightestAt">V at which the interval shall be tightest, above 0, in the units of (w·x)².</param>
    /// <exception cref="ArgumentOutOfRangeException">An argument is outside its range.</exception>
    public SumSequence(double alpha, double tightestAt) => (_alpha, _mixture) = (alpha, new TwoSidedNormalMixture(tightestAt, alpha));

    /// <summary>Takes one estimate.</summary>
    /// <param name="value">x, in the units of the data.</param>
    /// <param name="variance">Its variance, at least 0.</param>
    /// <param name="weight">w above 0, fixed before x is seen.</param>
    /// <returns>False, and nothing is taken, when a number is not finite or outside its range, or the sums would overflow.</returns>
    public bool Observe(double value, double variance, double weight = 1)
    {
        var next = new SumState(_state.Sum + (weight * value), _state.Variance + (weight * weight * variance), _state.Weight + weight);
        if (!(variance >= 0 && weight > 0) || !double.IsFinite(next.Sum) || !double.IsFinite(next.Variance) || !double.IsFinite(next.Weight))
            return false;
        _state = next;
        return true;
    }

    /// <summary>The weighted mean with its interval; <see cref="SequenceInterval.Unknown"/> without data.</summary>
    public SequenceInterval Interval()
    {
        if (_state.Weight <= 0)
            return SequenceInterval.Unknown;
        var (centre, radius) = (_state.Sum / _state.Weight, _mixture.Bound(_state.Variance, _alpha) / _state.Weight);
        return new SequenceInterval(centre, centre - radius, centre + radius);
    }

    /// <summary>What a restart needs.</summary>
    public SumState Save() => _state;

    /// <summary>Goes on from a saved state.</summary>
    /// <exception cref="ArgumentException">The state holds a number that no series can have.</exception>
    public void Restore(SumState state)
    {
        ArgumentNullException.ThrowIfNull(state);
        if (!double.IsFinite(state.Sum) || !(state.Variance is >= 0 and < double.PositiveInfinity) || !(state.Weight is >= 0 and < double.PositiveInfinity))
            throw new ArgumentException("The state of a sum has to be finite, with a variance and a weight of at least 0.", nameof(state));
        _state = state;
    }
}
