namespace MeshCanary.Analysis.Sequential;

/// <summary>
/// E-process for the odds ratio over many intervals, free of every base rate: <see cref="ConditionalEValue"/> multiplied over
/// intervals and mixed over a grid of log odds ratios, E = Σ w_k Π_i e_i(ψ_k). An anytime-valid Cochran-Mantel-Haenszel test:
/// each interval is compared with itself, and E has expectation 1 at odds ratio 1 whatever the rates and traffic were.
/// Turner and Grünwald 2023, "Safe sequential testing and effect estimation in stratified count data" (arXiv 2302.11401).
/// One-sided with a grid above 0, two-sided with one on both sides. Cost of an interval: per odds ratio some 18
/// standard deviations of the canary's events, at most 9·√events terms. Not thread-safe.
/// </summary>
public sealed class StratifiedOddsProcess
{
    private readonly double[] _grid;
    private readonly double[] _logWeights;
    private readonly double[] _logs;

    /// <summary>The odds ratios of <see cref="OddsGrid"/> with equal weights: evidence that the canary's odds are higher.</summary>
    public StratifiedOddsProcess()
        : this(Array.ConvertAll(OddsGrid.Values.ToArray(), Math.Log), [.. Enumerable.Repeat(OddsGrid.Weight, OddsGrid.Count)])
    {
    }

    /// <summary>A grid of one's own.</summary>
    /// <param name="logOddsRatios">ψ_k, at least one, each in [−50, 50].</param>
    /// <param name="weights">w_k above 0, one for each; they are made to sum to 1.</param>
    /// <exception cref="ArgumentException">The grid is empty, the lists are not of one length, or a number is out of range.</exception>
    public StratifiedOddsProcess(IReadOnlyList<double> logOddsRatios, IReadOnlyList<double> weights)
    {
        ArgumentNullException.ThrowIfNull(logOddsRatios);
        ArgumentNullException.ThrowIfNull(weights);
        if (logOddsRatios.Count == 0 || logOddsRatios.Count != weights.Count)
            throw new ArgumentException($"Give as many weights as odds ratios, and at least one; there are {weights.Count} and {logOddsRatios.Count}.", nameof(weights));
        if (!logOddsRatios.All(psi => Math.Abs(psi) <= 50) || !weights.All(weight => weight > 0 && double.IsFinite(weight)))
            throw new ArgumentException("Give log odds ratios between -50 and 50 and finite weights above 0.", nameof(logOddsRatios));
        var total = weights.Sum();
        _grid = [.. logOddsRatios];
        _logWeights = [.. weights.Select(weight => Math.Log(weight / total))];
        _logs = new double[_grid.Length];
    }

    /// <summary>ln E now.</summary>
    public double LogEvidence { get; private set; }

    /// <summary>Highest ln E so far, at least 0.</summary>
    public double Highest { get; private set; }

    /// <summary>Takes an interval. One in which an arm served nothing, or nothing or everything was bad, changes nothing.</summary>
    /// <returns>False, and nothing is taken, when a count is negative or there are more events than requests.</returns>
    public bool Observe(long canaryRequests, long canaryEvents, long stableRequests, long stableEvents)
    {
        if (canaryEvents < 0 || canaryEvents > canaryRequests || stableEvents < 0 || stableEvents > stableRequests)
            return false;
        for (var k = 0; k < _grid.Length; k++)
            _logs[k] += ConditionalEValue.Log(canaryRequests, canaryEvents, stableRequests, stableEvents, _grid[k]);
        Refresh();
        Highest = Math.Max(Highest, LogEvidence);
        return true;
    }

    /// <summary>What a restart needs.</summary>
    public GridState Save() => new() { Logs = [.. _logs], Highest = Highest };

    /// <summary>Goes on from a saved state of a process with the same grid.</summary>
    /// <exception cref="ArgumentException">The state belongs to another grid, or holds what no process can have.</exception>
    public void Restore(GridState state)
    {
        Highest = GridState.Check(state, _logs.Length);
        state.Logs.CopyTo(_logs);
        Refresh();
    }

    private void Refresh()
    {
        var sum = double.NegativeInfinity;
        for (var k = 0; k < _logs.Length; k++)
            sum = LogMath.Add(sum, _logs[k] + _logWeights[k]);
        LogEvidence = sum;
    }
}
