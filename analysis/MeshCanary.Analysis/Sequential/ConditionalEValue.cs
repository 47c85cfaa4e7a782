using MeshCanary.Analysis.Numerics;

namespace MeshCanary.Analysis.Sequential;

/// <summary>
/// E-value of one 2 × 2 table that conditions on the number of bad events, so that the base rate drops out: Fisher's
/// noncentral over the central hypergeometric likelihood. Exact against odds ratio 1; stratified by multiplying blocks
/// (an anytime-valid Cochran-Mantel-Haenszel test). As in the CRAN package safestats (Turner, Ly, Grünwald).
/// </summary>
public static class ConditionalEValue
{
    private const long MostTerms = 10_000_000;

    /// <summary>ln e for a log odds ratio: ψ·x_c − ln Σ C(n_c,k)C(n_b,m−k)e^{ψk} + ln Σ C(n_c,k)C(n_b,m−k).</summary>
    /// <param name="canaryRequests">n_c ≥ 0.</param>
    /// <param name="canaryEvents">x_c of them bad.</param>
    /// <param name="stableRequests">n_b ≥ 0.</param>
    /// <param name="stableEvents">x_b of them bad.</param>
    /// <param name="logOddsRatio">ψ in [−100, 100].</param>
    /// <returns>0 when an arm served nothing, or nothing or everything was bad: such a table says nothing of the odds.</returns>
    /// <exception cref="ArgumentOutOfRangeException">An argument is outside its range.</exception>
    public static double Log(long canaryRequests, long canaryEvents, long stableRequests, long stableEvents, double logOddsRatio)
    {
        RequireTable(canaryRequests, canaryEvents, nameof(canaryEvents));
        RequireTable(stableRequests, stableEvents, nameof(stableEvents));
        if (!(Math.Abs(logOddsRatio) <= 100))
            throw new ArgumentOutOfRangeException(nameof(logOddsRatio), logOddsRatio, "Give a log odds ratio between -100 and 100.");
        var total = canaryEvents + stableEvents;
        if (total == 0 || total == canaryRequests + stableRequests || canaryRequests == 0 || stableRequests == 0)
            return 0;
        return LogRatio(canaryRequests, canaryEvents, stableRequests, total, logOddsRatio);
    }

    /// <summary>
    /// Probabilities of Fisher's noncentral hypergeometric distribution: k of <paramref name="total"/> events fall to the
    /// first sample, from the lowest possible k on.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">A number is negative, there are more events than requests, or more than 10,000,000 terms.</exception>
    public static double[] Distribution(long first, long second, long total, double logOddsRatio)
    {
        var terms = LogTerms(first, second, total, logOddsRatio);
        var sum = LogMath.Sum(terms);
        return Array.ConvertAll(terms, term => Math.Exp(term - sum));
    }

    /// <summary>
    /// E-process of a series of tables (first events, second events) under a prior of normal density over a grid of log
    /// odds ratios: the mixture of the products, after each table. The grid takes care of not knowing the effect.
    /// </summary>
    public static double[] LogMixture(
        IReadOnlyList<(long FirstEvents, long SecondEvents)> tables, long first, long second, ReadOnlySpan<double> logOddsGrid, double priorDeviation = 1)
    {
        ArgumentNullException.ThrowIfNull(tables);
        var logs = new double[logOddsGrid.Length];
        for (var k = 0; k < logs.Length; k++)
            logs[k] = -0.5 * logOddsGrid[k] * logOddsGrid[k] / (priorDeviation * priorDeviation);
        var norm = LogMath.Sum(logs);
        var result = new double[tables.Count];
        for (var i = 0; i < result.Length; i++)
        {
            for (var k = 0; k < logs.Length; k++)
                logs[k] += Log(first, tables[i].FirstEvents, second, tables[i].SecondEvents, logOddsGrid[k]);
            result[i] = LogMath.Sum(logs) - norm;
        }

        return result;
    }

    /// <summary>
    /// The ratio as ψ·(x − k*) − ln Σ_k w_k·e^{ψ(k−k*)} + ln Σ_k w_k with k* the largest term of the first sum and
    /// w_k = P(k of n_c)·P(m−k of n_b), binomial with p = m/(n_c+n_b): the same sums, without the large parts that cancel.
    /// Σ_k w_k is P(m of n_c+n_b) (Vandermonde). The other sum walks from k* to both sides until what is left is below
    /// 1e-17 of it: some 17 standard deviations of k, so a table of a million events takes 10,000 terms at most, not a million.
    /// </summary>
    private static double LogRatio(double first, double events, double second, double total, double logOddsRatio)
    {
        var all = first + second;
        var (p, q) = (total / all, (all - total) / all);
        var mode = Mode(first, second, total, logOddsRatio);
        var odds = Math.Exp(logOddsRatio);
        var sum = 1 + Walk(first, second, total, odds, mode, 1) + Walk(first, second, total, odds, mode, -1);
        var largest = BinomialTail.LogProbability(mode, first, p, q) + BinomialTail.LogProbability(total - mode, second, p, q);
        return (logOddsRatio * (events - mode)) - largest - Math.Log(sum) + BinomialTail.LogProbability(total, all, p, q);
    }

    private static double Walk(double first, double second, double total, double odds, double from, int step)
    {
        // Neighbouring ratios fall along the walk, so what is left is below a geometric series of the last one.
        var (sum, term) = (0.0, 1.0);
        for (var k = from; ; k += step)
        {
            var factor = step > 0
                ? (first - k) * (total - k) / ((k + 1) * (second - total + k + 1)) * odds
                : k * (second - total + k) / ((first - k + 1) * (total - k + 1)) / odds;
            term *= factor;
            sum += term;
            if (!(term > 0) || (factor < 1 && term * factor < 1e-17 * (1 - factor) * (1 + sum)))
                return sum;
        }
    }

    /// <summary>The k at which neighbouring terms are equal, in whole numbers: a root of a quadratic (Liao and Rosen 2001, Am. Stat. 55:366).</summary>
    private static double Mode(double first, double second, double total, double logOddsRatio)
    {
        var odds = Math.Exp(logOddsRatio);
        var (a, b, c) = (odds - 1, -(((first + total + 2) * odds) + second - total), odds * (first + 1) * (total + 1));
        var spread = Math.Sqrt(Math.Max(0, (b * b) - (4 * a * c)));
        var root = b <= 0 ? 2 * c / (spread - b) : (b + spread) / (-2 * a);
        return Math.Clamp(Math.Floor(root), Math.Max(0, total - second), Math.Min(first, total));
    }

    private static double[] LogTerms(long first, long second, long total, double logOddsRatio)
    {
        if (first < 0 || second < 0 || total < 0 || total - first > second)
            throw new ArgumentOutOfRangeException(nameof(total), total, "More events than requests, or fewer than none of either.");
        var low = Math.Max(0, total - second);
        var count = Math.Min(first, total) - low + 1;
        if (count > MostTerms)
            throw new ArgumentOutOfRangeException(nameof(total), total, $"The distribution has {count} terms; at most {MostTerms} are listed.");
        var terms = new double[count];

        // By ratios of neighbours, and relative to the first: stays exact where differences of ln Γ of large numbers would cancel.
        var term = 0.0;
        for (var place = 0; place < terms.Length; place++)
        {
            terms[place] = term;
            var k = (double)(low + place);
            term += Math.Log((first - k) * (total - k) / ((k + 1) * (second - total + k + 1))) + logOddsRatio;
        }

        return terms;
    }

    private static void RequireTable(long requests, long events, string parameter)
    {
        if (events < 0 || events > requests)
            throw new ArgumentOutOfRangeException(parameter, events, $"Not between 0 and the {requests} requests.");
    }
}
