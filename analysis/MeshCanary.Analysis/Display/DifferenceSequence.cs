using MeshCanary.Analysis.Sequential;

namespace MeshCanary.Analysis.Display;

/// <summary>
/// Confidence sequence for the difference of two shares, stratified by interval so that drift and changing weights
/// cancel: the two-sided normal mixture of Howard, Ramdas, McAuliffe and Sekhon 2021 (Ann. Stat. 49:1055), asymptotic in
/// the sense of Waudby-Smith et al. 2024. For display: decisions rest on the e-processes.
/// </summary>
internal sealed class DifferenceSequence
{
    private const double TightestAt = 50;
    private double _weighted;
    private double _variance;
    private double _weight;

    /// <summary>Takes a block with the φ ≥ 1 that widens its variance; one that compares nothing changes nothing.</summary>
    public void Add(in BlockCounts block, double overdispersion)
    {
        if (!block.IsInformative)
            return;
        var (canary, stable) = (block.CanaryRequests, block.StableRequests);
        var weight = canary * stable / (canary + stable);
        var pooled = (block.CanaryEvents + block.StableEvents + 1) / (canary + stable + 2);
        _weighted += weight * ((block.CanaryEvents / canary) - (block.StableEvents / stable));
        _variance += overdispersion * weight * weight * pooled * (1 - pooled) * ((1 / canary) + (1 / stable));
        _weight += weight;
    }

    /// <summary>Canary minus stable with the ends of its 1 − <paramref name="alpha"/> interval; 0 in [−1, 1] without data.</summary>
    public DifferenceInterval Interval(double alpha)
    {
        if (_weight <= 0)
            return new DifferenceInterval(0, -1, 1);
        var log = 2 * Math.Log(1 / alpha);
        var rho = TightestAt / (log + Math.Log(1 + log));
        var centre = _weighted / _weight;
        var radius = Math.Sqrt((_variance + rho) * (Math.Log(1 + (_variance / rho)) + log)) / _weight;
        return new DifferenceInterval(centre, Math.Max(-1, centre - radius), Math.Min(1, centre + radius));
    }

    public DifferenceState Save() => new(_weighted, _variance, _weight);

    public void Restore(DifferenceState state) => (_weighted, _variance, _weight) = (state.Weighted, state.Variance, state.Weight);
}
