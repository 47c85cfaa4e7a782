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
        var difference = canary - stable;
        var widened = variance + (n * tauSquared);
        return (0.5 * Math.Log(variance / widened)) + (n * n * tauSquared * difference * difference / (2 * variance * widened));
    }
}
