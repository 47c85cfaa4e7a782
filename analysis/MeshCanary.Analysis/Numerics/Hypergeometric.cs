namespace MeshCanary.Analysis.Numerics;

/// <summary>
/// How many of a number of events fall to the first of two arms when the margins of the 2 × 2 table are given: central, and
/// Fisher's noncentral distribution with an odds ratio. Probabilities by binomial saddle points (Loader 2000); tails are
/// added up by the ratios of neighbours, from the smallest term to the largest, and where that would be more than some
/// ten thousand terms by the Euler-Maclaurin midpoint rule with one correction. Immutable and thread-safe.
/// </summary>
public sealed class Hypergeometric
{
    /// <summary>From this variance on a tail is an integral.</summary>
    internal const double WideVariance = 1e6;

    private const double FlatSlope = 0.01;
    private const double Negligible = 1e-18;

    private readonly double _first;
    private readonly double _second;
    private readonly double _events;

    /// <param name="first">Size of the first arm.</param>
    /// <param name="second">Size of the second arm.</param>
    /// <param name="events">Events in both together.</param>
    /// <exception cref="ArgumentOutOfRangeException">A size is negative, or there are more events than both sizes.</exception>
    public Hypergeometric(long first, long second, long events)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(first);
        ArgumentOutOfRangeException.ThrowIfNegative(second);
        Require.Counts(events, first + second, nameof(events));
        (_first, _second, _events) = (first, second, events);
        (Lowest, Highest) = (Math.Max(0, events - second), Math.Min(first, events));
    }

    /// <summary>Fewest events the first arm can have.</summary>
    public long Lowest { get; }

    /// <summary>Most events the first arm can have.</summary>
    public long Highest { get; }

    /// <summary>ln P(X = k), odds ratio 1; negative infinity outside the support.</summary>
    public double LogProbability(long k) => k < Lowest || k > Highest ? double.NegativeInfinity : Log(k);

    /// <summary>P(X ≤ k), odds ratio 1.</summary>
    public double Lower(long k) => k < Lowest ? 0 : k >= Highest ? 1 : k < Mode(0) ? Math.Exp(LogTail(k, -1, 0)) : 1 - Math.Exp(LogTail(k + 1, 1, 0));

    /// <summary>P(X ≥ k), odds ratio 1.</summary>
    public double Upper(long k) => k <= Lowest ? 1 : k > Highest ? 0 : k > Mode(0) ? Math.Exp(LogTail(k, 1, 0)) : 1 - Math.Exp(LogTail(k - 1, -1, 0));

    /// <summary>ln P(X ≤ k) under a log odds ratio.</summary>
    public double LogLower(long k, double logOdds) => LogUpTo(k, -1, Lowest, Highest, logOdds);

    /// <summary>ln P(X ≥ k) under a log odds ratio.</summary>
    public double LogUpper(long k, double logOdds) => LogUpTo(k, 1, Highest, Lowest, logOdds);

    /// <summary>The most probable k under a log odds ratio, the smallest of two equals.</summary>
    public long Mode(double logOdds)
    {
        var (low, high) = (Lowest, Highest);
        while (low < high)
        {
            var middle = low + ((high - low) / 2);
            if (LogRatio(middle) + logOdds > 0)
                low = middle + 1;
            else
                high = middle;
        }

        return low;
    }

    /// <summary>E[X] − k under a log odds ratio, term by term from the mode.</summary>
    internal double MeanBeyond(long k, double logOdds)
    {
        var (mode, odds) = (Mode(logOdds), Math.Exp(logOdds));
        var (sum, moment) = (1.0, (double)(mode - k));
        foreach (var step in (ReadOnlySpan<int>)[1, -1])
        {
            var term = 1.0;
            var end = step > 0 ? Highest : Lowest;
            for (var place = mode; place != end && term > Negligible;)
            {
                term *= Ratio(place, step, odds);
                place += step;
                sum += term;
                moment += term * (place - k);
            }
        }

        return moment / sum;
    }

    /// <summary>
    /// Variance of the distribution whose mode is k, to first order: 1 over the sum of the inverses of the four cells; 0 with an
    /// empty cell.
    /// </summary>
    internal double Variance(double k) => 1 / ((1 / k) + (1 / (_first - k)) + (1 / (_events - k)) + (1 / (_second - _events + k)));

    private double LogUpTo(long k, int step, long end, long start, double logOdds)
    {
        if ((k - end) * step > 0)
            return double.NegativeInfinity;
        if ((k - start) * step <= 0)
            return 0;
        var mode = Mode(logOdds);
        var total = LogSum(LogTail(mode, step, logOdds), mode == start ? double.NegativeInfinity : LogTail(mode - step, -step, logOdds) - (step * logOdds));
        var log = (k - mode) * step > 0
            ? LogTail(k, step, logOdds) + ((k - mode) * logOdds) - total
            : Logarithms.OneMinusExp(Math.Min(0, LogTail(k - step, -step, logOdds) + ((k - step - mode) * logOdds) - total));
        return Math.Min(0, log);
    }

    /// <summary>ln Σ P(j) e^(ψ (j − from)) over all j from the given one on in the direction of the step, along which the terms fall.</summary>
    private double LogTail(long from, int step, double logOdds)
    {
        if ((step > 0 ? Highest : Lowest) == from)
            return Log(from);
        if (Variance(from) > WideVariance && Math.Abs(LogRatio(from) + logOdds) < FlatSlope)
            return LogWideTail(from, step, logOdds);
        var (end, odds) = (step > 0 ? Highest : Lowest, Math.Exp(logOdds));
        var last = from;
        for (var term = 1.0; last != end && term > Negligible; last += step)
            term *= Ratio(last, step, odds);
        var sum = 1.0;
        while (last != from)
        {
            last -= step;
            sum = 1 + (sum * Ratio(last, step, odds));
        }

        return Log(from) + Math.Log(sum);
    }

    // Σ f(j) over j ≥ k is the integral of f from k − ½ on plus f′(k − ½)/24; the next term is 7/5760 of the third derivative.
    private double LogWideTail(long from, int step, double logOdds)
    {
        var edge = from - (0.5 * step);
        var slope = -step * (LogRatio(step > 0 ? from - 1 : from) + logOdds);
        var at = Log(edge);
        var furthest = Math.Abs((step > 0 ? Highest : Lowest) - edge);
        var integral = HalfLineIntegral.Of(
            u => u < furthest ? Log(edge + (step * u)) - at + (step * u * logOdds) : double.NegativeInfinity, Math.Max(0, slope), 1 / Variance(edge));
        return at - (0.5 * step * logOdds) + Math.Log(integral - (slope / 24));
    }

    private double Log(double k)
    {
        var all = _first + _second;
        var (p, q) = (_events / all, (all - _events) / all);
        return BinomialTail.LogProbability(k, _first, p, q) + BinomialTail.LogProbability(_events - k, _second, p, q) - BinomialTail.LogProbability(_events, all, p, q);
    }

    private double Ratio(double k, int step, double odds) => step > 0 ? Up(k) * odds : 1 / (Up(k - 1) * odds);

    private double LogRatio(long k) => Math.Log(Up(k));

    private double Up(double k) => (_first - k) / (k + 1) * ((_events - k) / (_second - _events + k + 1));

    private static double LogSum(double x, double y) => x > y ? x + Logarithms.OnePlus(Math.Exp(y - x)) : y + Logarithms.OnePlus(Math.Exp(x - y));
}
