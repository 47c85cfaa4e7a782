using MeshCanary.Analysis.Numerics;

namespace MeshCanary.Analysis.Sequential.Betting;

/// <summary>
/// Confidence sequence for the mean of bounded values: all m that neither capital process refutes, K⁺_t(m) = Π (1 +
/// λ⁺·(x − m)) and K⁻_t(m) = Π (1 − λ⁻·(x − m)), at 2/α each; λ⁺ = min(λ, ½/m), λ⁻ = min(λ, ½/(1−m)), λ as
/// <see cref="PlugInBet"/> at α/2. Waudby-Smith and Ramdas 2024, JRSS-B 86:1, theorem 3 (hedged capital). K⁺ falls and K⁻
/// rises in m, so the grid's refuted points nearest to the mean are valid ends, and the ends never widen again. Exact for
/// every distribution in the range with a constant conditional mean. Work per value: one pass over the grid. Not
/// thread-safe.
/// </summary>
public sealed class HedgedSequence
{
    private readonly ValueRange _range;
    private readonly double _threshold;
    private readonly PlugInBet _bet;
    private readonly double[] _up;
    private readonly double[] _down;
    private int _low;
    private int _high;

    /// <summary>Starts with the whole range.</summary>
    /// <param name="range">The ends the values keep to.</param>
    /// <param name="alpha">Probability that the mean is ever outside, inside (0, 1).</param>
    /// <param name="steps">Steps of the grid of means over the range, 2 to 100,000: its fineness, never its validity.</param>
    /// <exception cref="ArgumentOutOfRangeException">An argument is outside its range.</exception>
    public HedgedSequence(ValueRange range, double alpha = 0.05, int steps = 1000)
    {
        Require.Confidence(alpha);
        if (steps is < 2 or > 100_000)
            throw new ArgumentOutOfRangeException(nameof(steps), steps, "Give 2 to 100,000 steps.");
        (_range, _threshold, _bet) = (range, Math.Log(2 / alpha), new PlugInBet(alpha / 2));
        (_up, _down) = (new double[steps + 1], new double[steps + 1]);
        (_low, _high) = (0, steps);
    }

    /// <summary>Lower end, in the units of the data.</summary>
    public double Low => _range.Unscale((double)_low / (_up.Length - 1));

    /// <summary>Upper end, in the units of the data.</summary>
    public double High => _range.Unscale((double)_high / (_up.Length - 1));

    /// <summary>Whether every constant mean is refuted: the mean has moved (or the α-chance has come true).</summary>
    public bool IsEmpty => _low >= _high;

    /// <summary>Takes one value.</summary>
    /// <returns>False, and nothing is taken, when it is NaN or outside the range: the interval would not be valid.</returns>
    public bool Observe(double value)
    {
        if (!_range.Holds(value))
            return false;
        var (scaled, bet, steps) = (_range.Scale(value), _bet.Next(), _up.Length - 1);
        for (var j = 0; j <= steps; j++)
        {
            // At the ends of the range one of the bets is unlimited in the paper; the plug-in itself is limit enough there.
            var mean = (double)j / steps;
            _up[j] += Logarithms.OnePlus(Math.Min(bet, BettingEProcess.Stake / mean) * (scaled - mean));
            _down[j] += Logarithms.OnePlus(-Math.Min(bet, BettingEProcess.Stake / (1 - mean)) * (scaled - mean));
            if (_up[j] >= _threshold)
                _low = Math.Max(_low, j);
            if (_down[j] >= _threshold)
                _high = Math.Min(_high, j);
        }

        _bet.Add(scaled);
        return true;
    }

    /// <summary>What a restart needs: two numbers per step of the grid.</summary>
    public HedgedState Save() => new() { Bet = _bet.State, LogUp = [.. _up], LogDown = [.. _down], Low = _low, High = _high };

    /// <summary>Goes on from a saved state of a sequence with the same options.</summary>
    /// <exception cref="ArgumentException">The state belongs to another grid.</exception>
    public void Restore(HedgedState state)
    {
        ArgumentNullException.ThrowIfNull(state);
        if (state.LogUp.IsDefault || state.LogDown.IsDefault || state.LogUp.Length != _up.Length || state.LogDown.Length != _down.Length)
            throw new ArgumentException($"The state of a hedged sequence does not hold {_up.Length} means.", nameof(state));
        if (state.Low < 0 || state.Low >= _up.Length || state.High < 0 || state.High >= _up.Length)
            throw new ArgumentException("The ends of a hedged sequence are not on its grid.", nameof(state));
        _bet.Restore(state.Bet);
        state.LogUp.CopyTo(_up);
        state.LogDown.CopyTo(_down);
        (_low, _high) = (state.Low, state.High);
    }
}
