using MathNet.Numerics.Distributions;

namespace MeshCanary.Analysis.Kayenta;

/// <summary>
/// The interval of the first version: the normal approximation of the Mann–Whitney test turned into an interval for the
/// shift, as R's <c>wilcox.test(x, y, conf.int = TRUE, exact = FALSE)</c> does, with everything that follows from its
/// absolute tolerance of 1e-4.
/// </summary>
/// <remarks>
/// With x the experiment (n values), y the control (m), N = n + m and W(μ) = (rank sum of x − μ among x − μ and y)
/// − n(n+1)/2 − nm/2, midranks for ties:
/// g(μ) = (W − sign(W)/2) / σ, σ² = nm/12 · (N + 1 − Σ(t³ − t)/(N(N − 1))), t the sizes of the ties at μ.
/// Low is a root of g(μ) = z, High of g(μ) = −z, the estimate of g(μ) = 0, z = Φ⁻¹(1 − α/2), each sought between
/// min x − max y and max x − min y. Unlike R, the estimate keeps the correction for continuity.
/// </remarks>
internal sealed class ApproximateShift
{
    private const double RootTolerance = 1e-4;

    private readonly double[] _x;
    private readonly double[] _y;
    private bool _allTied;

    private ApproximateShift(SortedPair pair) => (_x, _y) = (pair.Experiment, pair.Control);

    /// <summary>The interval; null when all values are tied at some shift, which leaves σ = 0.</summary>
    public static ShiftInterval? Of(SortedPair pair, double confidence)
    {
        var shift = new ApproximateShift(pair);
        var (least, greatest) = (pair.LeastShift, pair.GreatestShift);
        var (atLeast, atGreatest) = (shift.Deviation(least), shift.Deviation(greatest));
        var quantile = Normal.InvCDF(0, 1, (1 - confidence) / 2);
        var low = Root(-quantile);
        var high = Root(quantile);
        var estimate = shift.Solve(least, greatest, atLeast, atGreatest, 0);
        return shift._allTied ? null : new ShiftInterval(low, high, estimate);

        double Root(double z)
        {
            if (atLeast - z <= 0)
                return least;
            return atGreatest - z >= 0 ? greatest : shift.Solve(least, greatest, atLeast, atGreatest, z);
        }
    }

    private double Solve(double least, double greatest, double atLeast, double atGreatest, double z) =>
        BrentZero.Solve(shift => Deviation(shift) - z, least, greatest, atLeast - z, atGreatest - z, RootTolerance);

    /// <summary>g(μ). Both samples are sorted and stay so under a shift, so the ranks come from one merge.</summary>
    private double Deviation(double shift)
    {
        double n = _x.Length, m = _y.Length, rankSum = 0, ties = 0;
        int i = 0, j = 0;
        while (i < _x.Length || j < _y.Length)
        {
            var value = Math.Min(i < _x.Length ? _x[i] - shift : double.PositiveInfinity, j < _y.Length ? _y[j] : double.PositiveInfinity);
            int firstX = i, before = i + j;
            while (i < _x.Length && _x[i] - shift == value)
                i++;
            while (j < _y.Length && _y[j] == value)
                j++;
            double tied = i + j - before;
            rankSum += (i - firstX) * (before + ((tied + 1) / 2));
            ties += (tied * tied * tied) - tied;
        }

        var deviation = rankSum - (n * (n + 1) / 2) - (n * m / 2);
        var sigma = Math.Sqrt(n * m / 12 * (n + m + 1 - (ties / ((n + m) * (n + m - 1)))));
        if (sigma == 0)
        {
            _allTied = true;
            return 0;
        }

        return (deviation - (Math.Sign(deviation) * 0.5)) / sigma;
    }
}
