using MeshCanary.Analysis.Numerics;

namespace MeshCanary.Analysis.Calibration;

/// <summary>What a mean of k squares is worth: k·S/φ is taken for χ² with k degrees of freedom.</summary>
internal static class SmallSample
{
    /// <summary>Batches from which on a batch length is believed: below, the factor alone would exceed 1.5 at 1 %.</summary>
    public const int EnoughBatches = 12;

    /// <summary>
    /// The factor that an estimated φ is multiplied by so that tempered evidence keeps its false alarm rate on average.
    /// With φ̂ in place of φ the bound α becomes α^(φ̂/φ). Over φ̂ = c·φ·χ²_k/k its mean is (1 + 2Lc/k)^(−k/2), L = ln(1/α);
    /// setting that to α gives c = k(e^(2L/k) − 1)/(2L). It falls to 1 as k grows, as Student's t does to the normal.
    /// </summary>
    public static double Factor(long batches, double alpha)
    {
        var twice = -2 * Math.Log(alpha);
        return batches / twice * Logarithms.ExpMinusOne(twice / batches);
    }

    /// <summary>Factor of the one-sided upper confidence bound: k/χ²_k(1 − confidence).</summary>
    public static double UpperFactor(long batches, double confidence) => batches / ChiSquaredTail.LowerQuantile(1 - confidence, batches);
}
