using MathNet.Numerics;

namespace MeshCanary.Analysis.Sequential.Numerics;

/// <summary>The standard normal distribution with both tails kept. Pure and thread-safe.</summary>
internal static class NormalLaw
{
    private const double HalfLogTwoPi = 0.91893853320467274178;
    private static readonly double SqrtHalf = Math.Sqrt(0.5);

    /// <summary>φ(x).</summary>
    public static double Density(double x) => Math.Exp(LogDensity(x));

    /// <summary>ln φ(x).</summary>
    public static double LogDensity(double x) => (-0.5 * x * x) - HalfLogTwoPi;

    /// <summary>Φ(x), by the complementary error function: small values keep their digits.</summary>
    public static double Below(double x) => 0.5 * SpecialFunctions.Erfc(-x * SqrtHalf);

    /// <summary>ln Φ(x); the continued fraction of Mills' ratio (DLMF 7.9.3) below −12, where Φ nears underflow.</summary>
    public static double LogBelow(double x)
    {
        if (x > 0)
            return LogMath.Log1P(-Below(-x));
        if (x > -12)
            return Math.Log(Below(x));
        var far = -x;
        var fraction = far;
        for (var k = 60; k >= 1; k--)
            fraction = far + (k / fraction);
        return LogDensity(x) - Math.Log(fraction);
    }
}
