using MeshCanary.Analysis.Numerics;

namespace MeshCanary.Analysis.Sequential;

/// <summary>
/// The mixture sequential probability ratio test as it runs: differences of shares stratified by interval, D = S/W with
/// w = n_c·n_b/(n_c+n_b), S = Σ w·(x_c/n_c − x_b/n_b), W = Σ w, variance s² = Σ w²·p̄(1−p̄)(1/n_c+1/n_b) / W²,
/// p̄ = (x_c+x_b+1)/(n_c+n_b+2), in <see cref="MixtureRatioTest.Log(double, double, double)"/>. The always-valid p-value is
/// the running minimum of 1/Λ. Johari, Koomen, Pekelis and Walsh 2022, "Always valid inference", Oper. Res. Asymptotic (the
/// first looks at rare events are not covered), two-sided, and weak when τ is far from the effect: for comparison, never for
/// a decision. Not thread-safe.
/// </summary>
public sealed class MixtureRatioProcess
{
    private readonly double _tauSquared;
    private double _sum;
    private double _variance;
    private double _weight;

    /// <summary>Starts with nothing.</summary>
    /// <param name="tauSquared">τ² above 0: variance of the effects that are mixed over, in squared shares.</param>
    /// <exception cref="ArgumentOutOfRangeException">τ² is not a finite number above 0.</exception>
    public MixtureRatioProcess(double tauSquared)
    {
        Require.Positive(tauSquared);
        _tauSquared = tauSquared;
    }

    /// <summary>ln Λ now; 0 without data.</summary>
    public double LogRatio { get; private set; }

    /// <summary>The always-valid p-value: the smallest 1/Λ so far, at most 1.</summary>
    public double PValue { get; private set; } = 1;

    /// <summary>Takes an interval; one that compares nothing changes nothing.</summary>
    /// <returns>False, and nothing is taken, when a count is none or there are more events than requests.</returns>
    public bool Observe(in BlockCounts block)
    {
        var (canary, stable) = (block.CanaryRequests, block.StableRequests);
        if (!(block.CanaryEvents >= 0 && block.CanaryEvents <= canary && block.StableEvents >= 0 && block.StableEvents <= stable)
            || !double.IsFinite(canary + stable))
            return false;
        if (!block.IsInformative)
            return true;
        var weight = canary * stable / (canary + stable);
        var pooled = (block.CanaryEvents + block.StableEvents + 1) / (canary + stable + 2);
        _sum += weight * ((block.CanaryEvents / canary) - (block.StableEvents / stable));
        _variance += weight * pooled * (1 - pooled);
        _weight += weight;
        Refresh();
        PValue = Math.Min(PValue, Math.Exp(-LogRatio));
        return true;
    }

    /// <summary>What a restart needs.</summary>
    public MixtureRatioState Save() => new(_sum, _variance, _weight, PValue);

    /// <summary>Goes on from a saved state.</summary>
    /// <exception cref="ArgumentException">The state holds a number that no series can have.</exception>
    public void Restore(MixtureRatioState state)
    {
        ArgumentNullException.ThrowIfNull(state);
        if (!double.IsFinite(state.Sum) || !(state.Variance is >= 0 and < double.PositiveInfinity)
            || !(state.Weight is >= 0 and < double.PositiveInfinity) || !(state.PValue is >= 0 and <= 1))
            throw new ArgumentException("The state of a mixture ratio test holds a number that it cannot have.", nameof(state));
        (_sum, _variance, _weight, PValue) = (state.Sum, state.Variance, state.Weight, state.PValue);
        Refresh();
    }

    private void Refresh() =>
        LogRatio = _weight > 0 ? MixtureRatioTest.Log(_sum / _weight, _variance / (_weight * _weight), _tauSquared) : 0;
}
