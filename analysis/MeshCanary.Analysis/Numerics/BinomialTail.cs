namespace MeshCanary.Analysis.Numerics;

/// <summary>Probabilities of a binomial distribution for counts up to 2^52. Pure and thread-safe.</summary>
public static class BinomialTail
{
    /// <summary>ln P(X = k) of n trials with probability p, by Loader's (2000) saddle-point form; negative infinity where it is impossible.</summary>
    /// <exception cref="ArgumentOutOfRangeException">p is not in [0, 1], or n is negative.</exception>
    public static double LogProbability(long k, long n, double p)
    {
        RequireTrials(n, p);
        return k < 0 || k > n ? double.NegativeInfinity : LogProbability(k, n, p, 1 - p);
    }

    /// <summary>P(X ≤ k) = 1 − I_p(k + 1, n − k).</summary>
    /// <exception cref="ArgumentOutOfRangeException">p is not in [0, 1], or n is negative.</exception>
    public static double Lower(long k, long n, double p)
    {
        RequireTrials(n, p);
        return k < 0 ? 0 : k >= n ? 1 : BetaTail.Upper(p, k + 1.0, n - k);
    }

    /// <summary>P(X ≥ k) = I_p(k, n − k + 1).</summary>
    /// <exception cref="ArgumentOutOfRangeException">p is not in [0, 1], or n is negative.</exception>
    public static double Upper(long k, long n, double p)
    {
        RequireTrials(n, p);
        return k <= 0 ? 1 : k > n ? 0 : BetaTail.Lower(p, k, n - k + 1.0);
    }

    /// <summary>The same for p and q = 1 − p that are both known to their last digit, continued to fractional k.</summary>
    internal static double LogProbability(double k, double n, double p, double q)
    {
        if (k == 0)
            return n == 0 ? 0 : n * (p < 0.5 ? Logarithms.OnePlus(-p) : Math.Log(q));
        if (k == n)
            return n * (q < 0.5 ? Logarithms.OnePlus(-q) : Math.Log(p));
        var beyond = Stirling.Beyond(k, n - k, p, q);
        return Stirling.Error(n) - Stirling.Error(k) - Stirling.Error(n - k) - Stirling.Deviance(k, n * p, beyond) - Stirling.Deviance(n - k, n * q, -beyond)
            - Stirling.HalfLogTwoPi - (0.5 * Math.Log(k * ((n - k) / n)));
    }

    private static void RequireTrials(long n, double p)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(n);
        Require.Probability(p, nameof(p));
    }
}
