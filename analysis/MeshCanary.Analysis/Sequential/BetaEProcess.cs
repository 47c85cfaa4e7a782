namespace MeshCanary.Analysis.Sequential;

/// <summary>
/// Two-sample e-process without a margin whose alternative is learned from past blocks of both arms: posterior means
/// under independent Beta(α, β) priors. Turner, Ly and Grünwald 2024 (the prequential plug-in of safestats).
/// </summary>
public static class BetaEProcess
{
    /// <summary>ln of the running product after each block.</summary>
    public static double[] Log(IReadOnlyList<BlockCounts> blocks, double alpha = 1, double beta = 1)
    {
        ArgumentNullException.ThrowIfNull(blocks);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(alpha);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(beta);
        double canaryRequests = 0, canaryEvents = 0, stableRequests = 0, stableEvents = 0, log = 0;
        var result = new double[blocks.Count];
        for (var i = 0; i < result.Length; i++)
        {
            var block = blocks[i];
            var alternative = new ArmRates(
                (canaryEvents + alpha) / (canaryRequests + alpha + beta),
                (stableEvents + alpha) / (stableRequests + alpha + beta));
            if (block.IsInformative)
                log += TwoSampleEValue.LogRatio(block, alternative, TwoSampleEValue.Project(Margin.None, block.CanaryRequests, block.StableRequests, alternative));
            canaryRequests += block.CanaryRequests;
            canaryEvents += block.CanaryEvents;
            stableRequests += block.StableRequests;
            stableEvents += block.StableEvents;
            result[i] = log;
        }

        return result;
    }
}
