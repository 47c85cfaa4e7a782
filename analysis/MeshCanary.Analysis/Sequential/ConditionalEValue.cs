using MathNet.Numerics;

namespace MeshCanary.Analysis.Sequential;

/// <summary>
/// E-value of one 2 × 2 table that conditions on the number of bad events, so that the base rate drops out: Fisher's
/// noncentral over the central hypergeometric likelihood. Exact against odds ratio 1; stratified by multiplying blocks
/// (an anytime-valid Cochran-Mantel-Haenszel test). As in the CRAN package safestats (Turner, Ly, Grünwald).
/// </summary>
public static class ConditionalEValue
{
    /// <summary>ln e for a log odds ratio: ψ·x_c − ln Σ C(n_c,k)C(n_b,m−k)e^{ψk} + ln Σ C(n_c,k)C(n_b,m−k).</summary>
    public static double Log(long canaryRequests, long canaryEvents, long stableRequests, long stableEvents, double logOddsRatio)
    {
        RequireTable(canaryRequests, canaryEvents, nameof(canaryEvents));
        RequireTable(stableRequests, stableEvents, nameof(stableEvents));
        var total = canaryEvents + stableEvents;
        return (logOddsRatio * canaryEvents)
            - LogSum(canaryRequests, stableRequests, total, logOddsRatio)
            + LogSum(canaryRequests, stableRequests, total, 0);
    }

    /// <summary>
    /// Probabilities of Fisher's noncentral hypergeometric distribution: k of <paramref name="total"/> events fall to the
    /// first sample, from the lowest possible k on.
    /// </summary>
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

    private static double LogSum(long first, long second, long total, double logOddsRatio) =>
        LogMath.Sum(LogTerms(first, second, total, logOddsRatio));

    private static double[] LogTerms(long first, long second, long total, double logOddsRatio)
    {
        if (total < 0 || total > first + second)
            throw new ArgumentOutOfRangeException(nameof(total), total, "More events than requests, or fewer than none.");
        var low = Math.Max(0, total - second);
        var terms = new double[Math.Min(first, total) - low + 1];

        // By ratios of neighbours: stays exact where differences of ln Γ of large numbers would cancel.
        var term = LogChoose(first, low) + LogChoose(second, total - low) + (logOddsRatio * low);
        for (var place = 0; place < terms.Length; place++)
        {
            terms[place] = term;
            var k = (double)(low + place);
            term += Math.Log((first - k) * (total - k) / ((k + 1) * (second - total + k + 1))) + logOddsRatio;
        }

        return terms;
    }

    private static double LogChoose(long n, long k) =>
        SpecialFunctions.GammaLn(n + 1.0) - SpecialFunctions.GammaLn(k + 1.0) - SpecialFunctions.GammaLn(n - k + 1.0);

    private static void RequireTable(long requests, long events, string parameter)
    {
        if (events < 0 || events > requests)
            throw new ArgumentOutOfRangeException(parameter, events, $"Not between 0 and the {requests} requests.");
    }
}
