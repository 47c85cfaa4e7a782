using MeshCanary.Analysis.Sequential;

namespace MeshCanary.Analysis.Planning;

/// <summary>
/// How much traffic a regression of some size needs to be seen, by Wald's approximation
/// N = φ·L/(KL(p_c‖q_c) + ρ·KL(p_b‖q_b)); within some 30 % of simulation. What a whole step can detect is <see cref="VerdictForecaster"/>'s.
/// </summary>
public static class DetectionPlan
{
    /// <summary>
    /// Expected canary requests until a rollback when the arms' true rates are <paramref name="truth"/> and stable gets
    /// <paramref name="stablePerCanary"/> requests for each one; infinite when the truth is within the margin.
    /// </summary>
    public static double ExpectedCanaryRequests(Margin margin, ArmRates truth, double stablePerCanary, DetectionTerms terms)
    {
        truth = new ArmRates(ArmRates.Clamp(truth.Canary), ArmRates.Clamp(truth.Stable));
        if (!(stablePerCanary > 0) || TwoSampleEValue.IsInsideNull(margin, Claim.Regression, truth))
            return double.PositiveInfinity;
        var nearest = TwoSampleEValue.Project(margin, 1, stablePerCanary, truth);
        var growth = TwoSampleEValue.LogRatio(new BlockCounts(1, truth.Canary, stablePerCanary, stablePerCanary * truth.Stable), truth, nearest);
        return growth > 0 ? terms.Overdispersion * terms.LogEvidence / growth : double.PositiveInfinity;
    }
}
