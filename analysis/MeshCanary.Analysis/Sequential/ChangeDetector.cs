namespace MeshCanary.Analysis.Sequential;

/// <summary>
/// E-detectors: watch a series of e-values for a change at an unknown time. An alarm at 1/α has an average run length
/// of at least 1/α without a change. Shin, Ramdas and Rinaldo 2024 (arXiv 2203.03532).
/// </summary>
public static class ChangeDetector
{
    /// <summary>Shiryaev-Roberts: SR_t = e_t·(SR_{t−1} + 1).</summary>
    public static double ShiryaevRoberts(double previous, double e) => e * (previous + 1);

    /// <summary>CUSUM: CU_t = e_t·max(CU_{t−1}, 1).</summary>
    public static double Cusum(double previous, double e) => e * Math.Max(previous, 1);

    /// <summary>
    /// Mixture over a start uniform in 1…<paramref name="planned"/>, after each value: an e-process, so 1/α bounds the
    /// probability of any false alarm at all.
    /// </summary>
    public static double[] UniformStart(ReadOnlySpan<double> values, int planned)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(planned, 1);
        var prior = new StartPrior(1.0 / planned, planned);
        var result = new double[values.Length];
        var martingale = 0.0;
        for (var i = 0; i < values.Length; i++)
        {
            martingale = values[i] * (martingale + prior.Probability(i + 1));
            result[i] = martingale + prior.Later(i + 1);
        }

        return result;
    }
}
