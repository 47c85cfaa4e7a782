using MeshCanary.Analysis.Numerics;

namespace MeshCanary.Analysis.Sequential.Boundaries;

/// <summary>
/// Time-uniform band for a whole distribution function (DKW with a law of the iterated logarithm):
/// P(there is t ≥ m with sup_x |F_t(x) − F(x)| > A·√((ln(1 + ln(t/m)) + C)/t)) ≤ α. C is the smallest constant for which
/// inf over η of 4·e^(−γ²C)·(1 + 1/((γ²−1)·ln η)) ≤ α, γ² = (2/η)·(A − √(2(η−1)/C))² > 1. Howard and Ramdas 2022,
/// "Sequential estimation of quantiles", Bernoulli 28:1704, theorem 2. Immutable and thread-safe.
/// </summary>
public sealed class EmpiricalProcessBound
{
    private const double GoldenRatio = 0.61803398874989484820;

    /// <summary>Solves for C, which takes some ten thousand evaluations.</summary>
    /// <param name="alpha">Probability that the band is ever left, inside (0, 1).</param>
    /// <param name="start">m ≥ 1: number of values from which on it holds.</param>
    /// <param name="leading">A above 1/√2, at most 100; near it the band is narrowest late, and widest early.</param>
    /// <exception cref="ArgumentOutOfRangeException">An argument is outside its range.</exception>
    public EmpiricalProcessBound(double alpha, double start = 1, double leading = 0.85)
    {
        Require.Confidence(alpha);
        if (!(start >= 1) || double.IsInfinity(start))
            throw new ArgumentOutOfRangeException(nameof(start), start, "Start at one value or later.");
        if (!(leading > Math.Sqrt(0.5) && leading <= 100))
            throw new ArgumentOutOfRangeException(nameof(leading), leading, "Give a leading constant above 1/√2 and at most 100.");
        (Start, Leading, Constant) = (start, leading, Solve(alpha, leading));
    }

    /// <summary>m.</summary>
    public double Start { get; }

    /// <summary>A.</summary>
    public double Leading { get; }

    /// <summary>C.</summary>
    public double Constant { get; }

    /// <summary>Half-width of the band after <paramref name="count"/> values; infinite before m.</summary>
    /// <param name="count">t; NaN gives infinity.</param>
    public double Radius(double count) =>
        count >= Start ? Leading * Math.Sqrt((Logarithms.OnePlus(Math.Log(count / Start)) + Constant) / count) : double.PositiveInfinity;

    private static double Solve(double alpha, double leading)
    {
        var (low, high) = (0.0, 1.0);
        while (LeastError(high, leading) > alpha)
            (low, high) = (high, 2 * high);
        while (high - low > 1e-13 * high)
        {
            var middle = (low + high) / 2;
            if (LeastError(middle, leading) > alpha)
                low = middle;
            else
                high = middle;
        }

        return high;
    }

    private static double LeastError(double c, double leading)
    {
        // γ² > 1 up to the η at which √(η/2) + √(2(η−1)/C) = A.
        var (low, high) = (1.0, 2 * leading * leading);
        while (high - low > 1e-15 * high)
        {
            var middle = (low + high) / 2;
            if (middle <= low || middle >= high)
                break;
            if (Math.Sqrt(middle / 2) + Math.Sqrt(2 * (middle - 1) / c) < leading)
                low = middle;
            else
                high = middle;
        }

        // Golden section on the logarithm, which has one valley between two walls.
        var (from, to) = (1.0, low);
        var left = to - (GoldenRatio * (to - from));
        var right = from + (GoldenRatio * (to - from));
        var (atLeft, atRight) = (LogError(left, c, leading), LogError(right, c, leading));
        while (to - from > 1e-9 * (low - 1))
        {
            if (atLeft < atRight)
            {
                (to, right, atRight) = (right, left, atLeft);
                left = to - (GoldenRatio * (to - from));
                atLeft = LogError(left, c, leading);
            }
            else
            {
                (from, left, atLeft) = (left, right, atRight);
                right = from + (GoldenRatio * (to - from));
                atRight = LogError(right, c, leading);
            }
        }

        return Math.Exp(Math.Min(atLeft, atRight));
    }

    private static double LogError(double eta, double c, double leading)
    {
        var root = leading - Math.Sqrt(2 * (eta - 1) / c);
        var square = 2 / eta * root * root;
        return square <= 1 ? double.PositiveInfinity : Math.Log(4) - (square * c) + Logarithms.OnePlus(1 / ((square - 1) * Math.Log(eta)));
    }
}
