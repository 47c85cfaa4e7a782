using MeshCanary.Analysis.Sequential.Boundaries;

namespace MeshCanary.Analysis.Display;

/// <summary>
/// Asymptotic confidence sequence for the mean of independent values of unknown variance:
/// x̄ ± s·√((t+ρ)(ln(1+t/ρ) + 2·ln(1/α)))/t with s² the sample variance (divisor t). Waudby-Smith, Arbour, Sinha, Kennedy and
/// Ramdas 2024, Ann. Stat. 52:2613, theorem 2.2, whose ρ² is 1/ρ here. It does not depend on the unit of the values. Mean and
/// variance by Welford 1962. For display: for bounded values <see cref="Sequential.Betting.HedgedSequence"/> is exact. Not
/// thread-safe.
/// </summary>
public sealed class MeanSequence
{
    private readonly TwoSidedNormalMixture _mixture;
    private readonly double _alpha;
    private MeanState _state = new(0, 0, 0);

    /// <summary>Starts with nothing.</summary>
    /// <param name="alpha">Probability that the mean is ever outside, inside (0, 1).</param>
    /// <param name="tightestAt">Number of values at which the interval shall be tightest, above 0.</param>
    /// <exception cref="ArgumentOutOfRangeException">An argument is outside its range.</exception>
    public MeanSequence(double alpha, double tightestAt = 50) => (_alpha, _mixture) = (alpha, new TwoSidedNormalMixture(tightestAt, alpha));

    /// <summary>Takes one value.</summary>
    /// <returns>False, and nothing is taken, when it is not finite or the sum of squares would overflow.</returns>
    public bool Observe(double value)
    {
        var count = _state.Count + 1;
        var off = value - _state.Mean;
        var mean = _state.Mean + (off / count);
        var squares = _state.Squares + (off * (value - mean));
        if (!double.IsFinite(squares))
            return false;
        _state = new MeanState(count, mean, squares);
        return true;
    }

    /// <summary>
    /// The mean with its interval. While all values are equal (one value, or a constant) their spread is unknown and
    /// nothing bounds the mean: the ends are infinite.
    /// </summary>
    public SequenceInterval Interval()
    {
        if (_state.Count == 0)
            return SequenceInterval.Unknown;
        if (_state.Squares <= 0)
            return SequenceInterval.Unknown with { Estimate = _state.Mean };
        var radius = Math.Sqrt(_state.Squares / _state.Count) * _mixture.Bound(_state.Count, _alpha) / _state.Count;
        return new SequenceInterval(_state.Mean, _state.Mean - radius, _state.Mean + radius);
    }

    /// <summary>What a restart needs.</summary>
    public MeanState Save() => _state;

    /// <summary>Goes on from a saved state.</summary>
    /// <exception cref="ArgumentException">The state holds a number that no series can have.</exception>
    public void Restore(MeanState state)
    {
        ArgumentNullException.ThrowIfNull(state);
        if (state.Count < 0 || !double.IsFinite(state.Mean) || !(state.Squares is >= 0 and < double.PositiveInfinity))
            throw new ArgumentException("The state of a mean has to be finite, with a count and a sum of squares of at least 0.", nameof(state));
        _state = state;
    }
}
