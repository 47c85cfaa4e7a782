using MeshCanary.Analysis.Numerics;

namespace MeshCanary.Analysis.Hypotheses.Drift;

/// <summary>
/// One-sided CUSUM for a resource gauge (heap, CPU): per minute the paired difference canary minus baseline, in deviations of what
/// baseline minus stable does, z = D/σ; S ← max(0, S + z − k), and S ≥ h holds. Page 1954, Biometrika 41:100. With k = ½, h = 5
/// and independent normal z it alarms once in 930.9 minutes without a change and after 10.4 minutes at one deviation
/// (<see cref="CusumRunLength"/>). That is a rate of false alarms, not a bound: it may HOLD a rollout and never rolls one back.
/// Not thread-safe.
/// </summary>
public sealed class GaugeCusum
{
    private readonly double _deviation;
    private readonly double _allowance;
    private readonly double _limit;

    /// <summary>Starts at 0.</summary>
    /// <param name="deviation">σ of the paired difference without a change, above 0, in the gauge's unit.</param>
    /// <param name="allowance">k ≥ 0: half of the shift that matters, in deviations.</param>
    /// <param name="limit">h above 0, in deviations.</param>
    /// <exception cref="ArgumentOutOfRangeException">An argument is outside its range.</exception>
    public GaugeCusum(double deviation, double allowance = 0.5, double limit = 5)
    {
        Require.Positive(deviation);
        Require.NotNegative(allowance);
        Require.Positive(limit);
        (_deviation, _allowance, _limit) = (deviation, allowance, limit);
    }

    /// <summary>S now, in deviations.</summary>
    public double Sum { get; private set; }

    /// <summary>Whether to hold: S ≥ h now. It ends when the gauge comes back.</summary>
    public bool IsHolding => Sum >= _limit;

    /// <summary>Takes the difference of a minute, canary minus baseline, in the gauge's unit.</summary>
    /// <returns>False, and nothing is taken, when it is NaN or infinite, or S would overflow.</returns>
    public bool Observe(double difference)
    {
        var next = Math.Max(0, Sum + (difference / _deviation) - _allowance);
        if (!double.IsFinite(difference) || !double.IsFinite(next))
            return false;
        Sum = next;
        return true;
    }

    /// <summary>What a restart needs.</summary>
    public GaugeCusumState Save() => new(Sum);

    /// <summary>Goes on from a saved state.</summary>
    /// <exception cref="ArgumentException">The sum is negative or not finite.</exception>
    public void Restore(GaugeCusumState state)
    {
        ArgumentNullException.ThrowIfNull(state);
        if (!(state.Sum is >= 0 and < double.PositiveInfinity))
            throw new ArgumentException("The sum of a CUSUM has to be finite and at least 0.", nameof(state));
        Sum = state.Sum;
    }
}
