using MathNet.Numerics.Distributions;

namespace MeshCanary.Analysis.Simulator.Sampling;

/// <summary>Random numbers of the distributions that traffic is made of, from a seeded generator.</summary>
internal static class Variates
{
    /// <summary>A standard normal number (Marsaglia's polar method).</summary>
    public static double Normal(Random random)
    {
        while (true)
        {
            var u = (2 * random.NextDouble()) - 1;
            var v = (2 * random.NextDouble()) - 1;
            var square = (u * u) + (v * v);
            if (square is > 0 and < 1)
                return u * Math.Sqrt(-2 * Math.Log(square) / square);
        }
    }

    /// <summary>A Poisson number: requests that arrive independently of one another.</summary>
    public static long Poisson(Random random, double mean) => mean <= 0 ? 0 : MathNet.Numerics.Distributions.Poisson.Sample(random, mean);

    /// <summary>
    /// Failed requests when failures come in clusters of geometric size: one broken call that its client sends again and
    /// again. The mean is that of the binomial; the variance is about (2·size − 1) times as large.
    /// </summary>
    public static long Clustered(Random random, long requests, double rate, double size)
    {
        if (size <= 1)
            return BinomialSampler.Next(random, requests, rate);
        var clusters = BinomialSampler.Next(random, requests, rate / size);
        var failed = 0L;
        for (var cluster = 0L; cluster < clusters; cluster++)
            failed += Geometric.Sample(random, 1 / size);
        return Math.Min(failed, requests);
    }
}
