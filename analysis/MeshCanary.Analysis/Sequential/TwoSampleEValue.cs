namespace MeshCanary.Analysis.Sequential;

/// <summary>
/// E-value of one block for two Bernoulli samples against a half-space null: the likelihood of an alternative over
/// that of its Kullback-Leibler projection on the null's boundary (reverse information projection). Its expectation is
/// at most 1 for every pair of probabilities in the null, so base rate and traffic split may change from block to block.
/// Turner, Ly and Grünwald 2024, "Generic E-variables for exact sequential k-sample tests that allow for optional
/// stopping", JSPI 230:106116; Turner and Grünwald 2023 (arXiv 2302.11401).
/// </summary>
public static class TwoSampleEValue
{
    private const int MaximumSteps = 200;

    /// <summary>ln of the e-value; 0 when a block compares nothing or the alternative lies inside the null.</summary>
    public static double Log(Margin margin, Claim claim, in BlockCounts block, ArmRates alternative)
    {
        if (!block.IsInformative || IsInsideNull(margin, claim, alternative))
            return 0;
        return LogRatio(block, alternative, Project(margin, block.CanaryRequests, block.StableRequests, alternative));
    }

    /// <summary>
    /// The point of the boundary closest to the alternative: pooled without a margin; otherwise the root of
    /// (1+r)·n_c·(q_c−t_c)/(q_c(1−q_c)) + n_b·(q_b−t_b)/(q_b(1−q_b)), which rises in q_b. It is solved multiplied out, as
    /// a cubic: beside its poles a Newton step is short without a root being near, and a point that is not the
    /// projection makes no e-value.
    /// </summary>
    public static ArmRates Project(Margin margin, double canaryRequests, double stableRequests, ArmRates alternative)
    {
        if (margin == Margin.None)
        {
            var pooled = ((canaryRequests * alternative.Canary) + (stableRequests * alternative.Stable)) / (canaryRequests + stableRequests);
            return new ArmRates(pooled, pooled);
        }

        var slope = 1 + margin.Relative;
        var own = (alternative.Canary - margin.Absolute) / slope;
        var low = Math.Max(Math.Min(own, alternative.Stable), 1e-18);
        var high = Math.Min(Math.Max(own, alternative.Stable), (1 - margin.Absolute) / slope * (1 - 1e-15));
        var start = ((canaryRequests * own) + (stableRequests * alternative.Stable)) / (canaryRequests + stableRequests);
        var stable = Math.Clamp(start, low, Math.Max(low, high));
        for (var step = 0; step < MaximumSteps; step++)
        {
            var canary = margin.Boundary(stable);
            var (spreadC, spreadB) = (canary * (1 - canary), stable * (1 - stable));
            var (offC, offB) = (canary - alternative.Canary, stable - alternative.Stable);
            var value = (slope * canaryRequests * offC * spreadB) + (stableRequests * offB * spreadC);
            if (value > 0)
                high = stable;
            else
                low = stable;

            // Newton where it stays inside the bracket, halving where it does not. Newton doubles the digits in each
            // step, so after a step of 1e-9 there is nothing left to gain.
            var steepness = (slope * canaryRequests * ((slope * spreadB) + (offC * (1 - (2 * stable)))))
                + (stableRequests * (spreadC + (offB * slope * (1 - (2 * canary)))));
            var next = stable - (value / steepness);
            var isNewton = next > low && next < high;
            if (!isNewton)
                next = (low + high) / 2;
            var moved = Math.Abs(next - stable);
            stable = next;
            if (moved <= (isNewton ? 1e-9 : 1e-15) * stable)
                break;
        }

        return new ArmRates(margin.Boundary(stable), stable);
    }

    /// <summary>ln of the likelihood of <paramref name="alternative"/> over that of <paramref name="projection"/>.</summary>
    public static double LogRatio(in BlockCounts block, ArmRates alternative, ArmRates projection) =>
        Arm(block.CanaryRequests, block.CanaryEvents, alternative.Canary, projection.Canary)
        + Arm(block.StableRequests, block.StableEvents, alternative.Stable, projection.Stable);

    internal static bool IsInsideNull(Margin margin, Claim claim, ArmRates rates)
    {
        var boundary = margin.Boundary(rates.Stable);
        return claim == Claim.Regression ? rates.Canary <= boundary : rates.Canary >= boundary;
    }

    private static double Arm(double requests, double events, double theta, double null0) =>
        Times(events, theta / null0) + Times(requests - events, (1 - theta) / (1 - null0));

    /// <summary>What did not happen says nothing, also where an alternative of 0 or 1 makes its logarithm infinite.</summary>
    private static double Times(double count, double ratio) => count == 0 ? 0 : count * Math.Log(ratio);
}
