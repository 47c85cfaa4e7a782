using MeshCanary.Analysis.Numerics;

namespace MeshCanary.Analysis.Sequential;

/// <summary>
/// Watches for a change at an unknown time, without an end: an e-detector per alternative, averaged. With e_t,k of conditional
/// expectation at most 1 before the change, SR_k ← e_k·(SR_k + 1) or CU_k ← e_k·max(CU_k, 1), and Σ w_k·SR_k ≥ 1/α is the
/// alarm. Shin, Ramdas and Rinaldo 2024, "E-detectors: a nonparametric framework for sequential change detection" (arXiv
/// 2203.03532). Without a change: (1) SR_t − t is a supermartingale, so E[SR_τ] ≤ E[τ] at every stopping time τ; at the alarm
/// SR ≥ 1/α, hence the average run length is at least 1/α. (2) With τ = min(alarm, T): P(alarm within T)/α ≤ E[SR_τ] ≤ T,
/// hence P(alarm within T) ≤ T·α. CU ≤ SR, so both hold for it too. Kept as logarithms. Not thread-safe.
/// </summary>
public sealed class EDetector
{
    private readonly DetectorKind _kind;
    private readonly double[] _logWeights;
    private readonly double[] _logs;

    /// <summary>Starts with nothing.</summary>
    /// <param name="kind">How it forgets.</param>
    /// <param name="alpha">1/α is the alarm level and the least average run length; inside (0, 1).</param>
    /// <param name="weights">w_k above 0 per alternative, at least one; they are made to sum to 1.</param>
    /// <exception cref="ArgumentException">There is no weight, or one is not above 0, or α is outside its range.</exception>
    public EDetector(DetectorKind kind, double alpha, params IReadOnlyList<double> weights)
    {
        ArgumentNullException.ThrowIfNull(weights);
        Require.Confidence(alpha);
        if (weights.Count == 0 || !weights.All(weight => weight > 0 && double.IsFinite(weight)))
            throw new ArgumentException("Give one finite weight above 0 for each alternative, and at least one.", nameof(weights));
        var total = weights.Sum();
        _kind = kind;
        _logWeights = [.. weights.Select(weight => Math.Log(weight / total))];
        _logs = new double[_logWeights.Length];
        Array.Fill(_logs, double.NegativeInfinity);
        LogThreshold = -Math.Log(alpha);
    }

    /// <summary>ln(1/α).</summary>
    public double LogThreshold { get; }

    /// <summary>ln of the detector now; negative infinity before the first value.</summary>
    public double LogEvidence { get; private set; } = double.NegativeInfinity;

    /// <summary>Highest ln of the detector so far; negative infinity before the first value.</summary>
    public double Highest { get; private set; } = double.NegativeInfinity;

    /// <summary>Whether it ever reached 1/α.</summary>
    public bool HasAlarmed => Highest >= LogThreshold;

    /// <summary>Takes the e-values of a time.</summary>
    /// <param name="logValues">ln e_k per alternative; negative infinity is a value of 0.</param>
    /// <returns>False, and nothing is taken, when one is NaN or positive infinity.</returns>
    /// <exception cref="ArgumentException">There is not one value for each alternative.</exception>
    public bool Observe(params ReadOnlySpan<double> logValues)
    {
        if (logValues.Length != _logs.Length)
            throw new ArgumentException($"Give {_logs.Length} values, one for each alternative.", nameof(logValues));
        foreach (var log in logValues)
        {
            if (!(log < double.PositiveInfinity))
                return false;
        }

        for (var k = 0; k < _logs.Length; k++)
            _logs[k] = logValues[k] + (_kind == DetectorKind.Cusum ? Math.Max(_logs[k], 0) : LogMath.Add(_logs[k], 0));
        Refresh();
        Highest = Math.Max(Highest, LogEvidence);
        return true;
    }

    /// <summary>What a restart needs.</summary>
    public DetectorState Save() => new() { Logs = [.. _logs], Highest = Highest };

    /// <summary>Goes on from a saved state of a detector with the same alternatives.</summary>
    /// <exception cref="ArgumentException">The state belongs to other alternatives, or holds what no detector can have.</exception>
    public void Restore(DetectorState state)
    {
        ArgumentNullException.ThrowIfNull(state);
        if (state.Logs.IsDefault || state.Logs.Length != _logs.Length)
            throw new ArgumentException($"The state of a detector does not hold {_logs.Length} alternatives.", nameof(state));
        if (!state.Logs.All(log => log < double.PositiveInfinity) || !(state.Highest < double.PositiveInfinity))
            throw new ArgumentException("The state of a detector holds a number that it cannot have.", nameof(state));
        state.Logs.CopyTo(_logs);
        Highest = state.Highest;
        Refresh();
    }

    private void Refresh()
    {
        var sum = double.NegativeInfinity;
        for (var k = 0; k < _logs.Length; k++)
            sum = LogMath.Add(sum, _logs[k] + _logWeights[k]);
        LogEvidence = sum;
    }
}
