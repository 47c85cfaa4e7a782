namespace MeshCanary.Analysis.Sequential;

/// <summary>
/// The mixture sequential probability ratio test for two proportions of equal arms, kept for comparison: asymptotic,
/// two-sided and sensitive to τ. Johari, Koomen, Pekelis and Walsh 2022, "Always valid inference", Oper. Res.
/// </summary>
public static class MixtureRatioTest
{
    /// <summary>ln Λ = ½·ln(V/(V+nτ²)) + n²τ²D²/(2V(V+nτ²)), V = p_c(1−p_c) + p_b(1−p_b); 0 without variance.</summary>
    public static double Log(long requestsPerArm, long canaryEvents, long stableEvents, double tauSquared)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(tauSquared);
        double n = requestsPerArm;
        if (n <= 0)
            return 0;
        var canary = canaryEvents / n;
        var stable = stableEvents / n;
        var variance = (canary * (1 - canary)) + (stable * (1 - stable));
        if (variance <= 0)
            return 0;
        return Log(canary - stable, variance / n, tauSquared);
    }

    /// <summary>
    /// The same for any normal estimate D of variance s²: ln Λ = ½·ln(s²/(s²+τ²)) + τ²·D²/(2·s²·(s²+τ²)); 0 without variance.
    /// </summary>
    /// <param name="difference">D, canary minus stable.</param>
    /// <param name="variance">s², the variance of D itself, not of one request.</param>
    /// <param name="tauSquared">τ² above 0: variance of the effects that are mixed over, in squared units of D.</param>
    public static double Log(double difference, double variance, double tauSquared)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(tauSquared);
        if (!(variance > 0))
            return 0;
        var widened = variance + tauSquared;
        return (0.5 * Math.Log(variance / widened)) + (difference * difference / variance * tauSquared / (2 * widened));
    }
}
