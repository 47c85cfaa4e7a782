using MeshCanary.Analysis.Numerics;

namespace MeshCanary.Analysis.Sequential.Betting;

/// <summary>
/// The size of the next bet, from past values only: λ_t = √(2·ln(1/α) / (σ²_{t−1}·t·ln(1+t))) with
/// μ_t = (½ + Σ x)/(t+1), σ²_t = (¼ + Σ (x_i − μ_i)²)/(t+1). The predictable plug-in of Waudby-Smith and Ramdas 2024,
/// "Estimating means of bounded random variables by betting", JRSS-B 86:1, section 3.2. Not thread-safe.
/// </summary>
internal sealed class PlugInBet
{
    private readonly double _logLevel;

    /// <param name="alpha">The level it is tuned for.</param>
    public PlugInBet(double alpha)
    {
        Require.Confidence(alpha);
        _logLevel = -Math.Log(alpha);
    }

    /// <summary>The moments; set to restore.</summary>
    public BetState State { get; private set; } = new(0, 0, 0);

    /// <summary>λ for the next value, before truncation.</summary>
    public double Next()
    {
        var t = State.Count + 1.0;
        var variance = (0.25 + State.Squares) / t;
        return Math.Sqrt(2 * _logLevel / (variance * t * Math.Log(1 + t)));
    }

    /// <summary>Takes a value in [0, 1].</summary>
    public void Add(double value)
    {
        var count = State.Count + 1;
        var sum = State.Sum + value;
        var off = value - ((0.5 + sum) / (count + 1));
        State = new BetState(count, sum, State.Squares + (off * off));
    }

    /// <summary>Goes on from a saved state.</summary>
    public void Restore(BetState state)
    {
        if (state.Count < 0 || !(state.Sum >= 0 && state.Sum <= state.Count) || !(state.Squares >= 0 && state.Squares <= state.Count))
            throw new ArgumentException("The moments of a bet have to be those of values in [0, 1].", nameof(state));
        State = state;
    }
}
