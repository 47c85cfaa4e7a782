namespace MeshCanary.Analysis.Sequential;

/// <summary>What an e-process gathers evidence for; its null is the opposite half of the margin.</summary>
public enum Claim
{
    /// <summary>The canary is worse than the margin; null p_c ≤ a + (1+r)·p_b.</summary>
    Regression,

    /// <summary>The canary is better than the margin; null p_c ≥ a + (1+r)·p_b.</summary>
    Harmless,
}
