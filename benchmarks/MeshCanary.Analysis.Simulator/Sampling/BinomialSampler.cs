using MathNet.Numerics;

namespace MeshCanary.Analysis.Simulator.Sampling;

/// <summary>Exact binomial numbers from a seeded generator: inversion, and Hörmann's BTRS (1993) where that is slow.</summary>
internal static class BinomialSampler
{
    public static long Next(Random random, long n, double p)
    {
        if (n == 0 || p <= 0)
            return 0;
        if (p >= 1)
            return n;
        if (p > 0.5)
            return n - Next(random, n, 1 - p);
        return n * p < 10 ? Inversion(random, n, p) : Rejection(random, n, p);
    }

    private static long Inversion(Random random, long n, double p)
    {
        var odds = p / (1 - p);
        var term = Math.Pow(1 - p, n);
        var u = random.NextDouble();
        long x = 0;
        while (u > term && x < n)
        {
            u -= term;
            x++;
            term *= odds * (n - x + 1) / x;
        }

        return x;
    }

    private static long Rejection(Random random, long n, double p)
    {
        var deviation = Math.Sqrt(n * p * (1 - p));
        var b = 1.15 + (2.53 * deviation);
        var a = -0.0873 + (0.0248 * b) + (0.01 * p);
        var c = (n * p) + 0.5;
        var right = 0.92 - (4.2 / b);
        var alpha = (2.83 + (5.1 / b)) * deviation;
        var odds = p / (1 - p);
        var mode = Math.Floor((n + 1) * p);
        while (true)
        {
            var u = random.NextDouble() - 0.5;
            var v = random.NextDouble();
            var us = 0.5 - Math.Abs(u);
            var k = Math.Floor((((2 * a) / us) + b) * u + c);
            if (k < 0 || k > n)
                continue;
            if (us >= 0.07 && v <= right)
                return (long)k;
            v = Math.Log(v * alpha / ((a / (us * us)) + b));
            var bound = LogFactorial(mode) + LogFactorial(n - mode) - LogFactorial(k) - LogFactorial(n - k) + ((k - mode) * Math.Log(odds));
            if (v <= bound)
                return (long)k;
        }
    }

    private static double LogFactorial(double k) => SpecialFunctions.GammaLn(k + 1);
}
