namespace MeshCanary.Analysis.Sequential;

/// <summary>
/// E-process for counts in categories against shares that may differ from interval to interval: a Dirichlet mixture over the
/// null likelihood, each interval with its own shares, ln E = lnΓ(A) − lnΓ(A+n) + Σ_j [lnΓ(a_j+X_j) − lnΓ(a_j)] −
/// Σ_i Σ_j x_ij·ln θ_ij. Lindon and Malek 2022, "Anytime-valid inference for multinomial count data", NeurIPS (arXiv
/// 2011.03567). Exact when θ_i is fixed before interval i is seen. The mixture expects shares that stay: with shares that
/// move it stays valid and loses power, so a sample-ratio test keeps one process per weight. Not thread-safe.
/// </summary>
public sealed class StratifiedMultinomialProcess
{
    private readonly double[] _concentration;
    private readonly double _all;
    private readonly long[] _counts;
    private double _logNull;

    /// <summary>Chooses the mixture.</summary>
    /// <param name="concentration">a_j, two or more, finite and above 0: prior requests each category is worth.</param>
    /// <exception cref="ArgumentException">There are fewer than two categories, or one is not above 0.</exception>
    public StratifiedMultinomialProcess(IReadOnlyList<double> concentration)
    {
        ArgumentNullException.ThrowIfNull(concentration);
        _all = concentration.Sum();
        if (concentration.Count < 2 || !concentration.All(one => one > 0) || !double.IsFinite(_all))
            throw new ArgumentException("Give two or more finite concentrations above 0.", nameof(concentration));
        _concentration = [.. concentration];
        _counts = new long[_concentration.Length];
    }

    /// <summary>ln E now; positive infinity once something fell into a category of share 0.</summary>
    public double LogEvidence { get; private set; }

    /// <summary>Highest ln E so far, at least 0.</summary>
    public double Highest { get; private set; }

    /// <summary>Takes an interval.</summary>
    /// <param name="counts">x_ij: what fell into each category.</param>
    /// <param name="shares">θ_ij: expected shares of this interval, not negative, with a sum of 1 (to 1e-9).</param>
    /// <returns>False, and nothing is taken, when a count is negative, a share is none, or the shares do not sum to 1.</returns>
    /// <exception cref="ArgumentException">Counts or shares are not one for each category.</exception>
    public bool Observe(ReadOnlySpan<long> counts, ReadOnlySpan<double> shares)
    {
        if (counts.Length != _counts.Length || shares.Length != _counts.Length)
            throw new ArgumentException($"Give {_counts.Length} counts and as many shares.", nameof(counts));
        double sum = 0, log = 0;
        for (var j = 0; j < counts.Length; j++)
        {
            if (counts[j] < 0 || !(shares[j] >= 0) || counts[j] > long.MaxValue - _counts[j])
                return false;
            sum += shares[j];
            if (counts[j] > 0)
                log += counts[j] * Math.Log(shares[j]);
        }

        if (!(Math.Abs(sum - 1) <= 1e-9))
            return false;
        for (var j = 0; j < counts.Length; j++)
            _counts[j] += counts[j];
        _logNull += log;
        Refresh();
        Highest = Math.Max(Highest, LogEvidence);
        return true;
    }

    /// <summary>What a restart needs.</summary>
    public MultinomialState Save() => new() { Counts = [.. _counts], LogNull = _logNull, Highest = Highest };

    /// <summary>Goes on from a saved state of a process with the same categories.</summary>
    /// <exception cref="ArgumentException">The state belongs to other categories, or holds what no process can have.</exception>
    public void Restore(MultinomialState state)
    {
        ArgumentNullException.ThrowIfNull(state);
        if (state.Counts.IsDefault || state.Counts.Length != _counts.Length || state.Counts.Any(count => count < 0))
            throw new ArgumentException($"The state of a multinomial e-process does not hold {_counts.Length} counts.", nameof(state));
        if (!(state.LogNull <= 0) || !(state.Highest >= 0))
            throw new ArgumentException("The state of a multinomial e-process holds a number that it cannot have.", nameof(state));
        state.Counts.CopyTo(_counts);
        (_logNull, Highest) = (state.LogNull, state.Highest);
        Refresh();
    }

    private void Refresh()
    {
        double total = 0, log = 0;
        for (var j = 0; j < _counts.Length; j++)
        {
            total += _counts[j];
            log += MultinomialEValue.Rise(_concentration[j], _counts[j]);
        }

        LogEvidence = log - MultinomialEValue.Rise(_all, total) - _logNull;
    }
}
