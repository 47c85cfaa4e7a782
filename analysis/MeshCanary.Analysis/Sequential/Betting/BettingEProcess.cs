using MeshCanary.Analysis.Numerics;

namespace MeshCanary.Analysis.Sequential.Betting;

/// <summary>
/// One-sided e-process for the mean of bounded values: K_t = Π (1 + λ_i·(x_i − m)) against "mean ≤ m", with the predictable
/// bet of <see cref="PlugInBet"/> held to [0, c/m], c = ½, and the mirror image against "mean ≥ m". A non-negative
/// supermartingale for every distribution in the range whose conditional mean stays on the null's side: values need not be
/// independent nor alike. Waudby-Smith and Ramdas 2024, JRSS-B 86:1. Weak for rare events. Not thread-safe.
/// </summary>
public sealed class BettingEProcess
{
    /// <summary>c: the most of the capital that one value can take.</summary>
    internal const double Stake = 0.5;

    private readonly ValueRange _range;
    private readonly bool _isMirrored;
    private readonly double _null;
    private readonly PlugInBet _bet;

    /// <summary>Starts with a capital of 1.</summary>
    /// <param name="range">The ends the values keep to.</param>
    /// <param name="mean">m, inside the range: the boundary of the null.</param>
    /// <param name="claim">Regression: evidence that the mean is above m; Harmless: that it is below.</param>
    /// <param name="alpha">Level that the bets are tuned for, inside (0, 1); the evidence is valid at every level.</param>
    /// <exception cref="ArgumentOutOfRangeException">An argument is outside its range.</exception>
    public BettingEProcess(ValueRange range, double mean, Claim claim, double alpha = 0.05)
    {
        var scaled = range.Scale(mean);
        if (!(scaled is > 0 and < 1))
            throw new ArgumentOutOfRangeException(nameof(mean), mean, $"Give a mean between {range.Low} and {range.High}, without the ends.");
        (_range, _isMirrored, _bet) = (range, claim == Claim.Harmless, new PlugInBet(alpha));
        _null = _isMirrored ? 1 - scaled : scaled;
    }

    /// <summary>ln K now.</summary>
    public double LogEvidence { get; private set; }

    /// <summary>Highest ln K so far, at least 0.</summary>
    public double Highest { get; private set; }

    /// <summary>Takes one value.</summary>
    /// <returns>False, and nothing is taken, when it is NaN or outside the range: the evidence would not be valid.</returns>
    public bool Observe(double value)
    {
        if (!_range.Holds(value))
            return false;
        var scaled = _isMirrored ? 1 - _range.Scale(value) : _range.Scale(value);
        LogEvidence += Logarithms.OnePlus(Math.Min(_bet.Next(), Stake / _null) * (scaled - _null));
        Highest = Math.Max(Highest, LogEvidence);
        _bet.Add(scaled);
        return true;
    }

    /// <summary>What a restart needs.</summary>
    public BettingState Save() => new() { Bet = _bet.State, LogCapital = LogEvidence, Highest = Highest };

    /// <summary>Goes on from a saved state of a process with the same options.</summary>
    /// <exception cref="ArgumentException">The state holds numbers that no process can have.</exception>
    public void Restore(BettingState state)
    {
        ArgumentNullException.ThrowIfNull(state);
        if (!double.IsFinite(state.LogCapital) || !(state.Highest >= Math.Max(0, state.LogCapital)) || double.IsInfinity(state.Highest))
            throw new ArgumentException("The capital of a bet has to be finite and its highest value at least 0.", nameof(state));
        _bet.Restore(state.Bet);
        (LogEvidence, Highest) = (state.LogCapital, state.Highest);
    }
}
