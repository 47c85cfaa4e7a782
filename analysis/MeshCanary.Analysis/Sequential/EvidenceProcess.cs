namespace MeshCanary.Analysis.Sequential;

/// <summary>
/// One e-process on interval counts: <see cref="TwoSampleEValue"/> mixed over <see cref="OddsGrid"/> and over the block
/// the difference began in. M_k ← e_k·(M_k + π_i), E = Σ w_k·M_k + (probability of a later start). Under its null
/// P(sup E ≥ 1/α) ≤ α (Ville 1939), however often it is looked at. Everything is kept as natural logarithms.
/// </summary>
internal sealed class EvidenceProcess
{
    private readonly Claim _claim;
    private readonly StartPrior _prior;
    private readonly double[] _logM = new double[OddsGrid.Count];

    /// <param name="claim">What the evidence is for.</param>
    /// <param name="margin">The boundary of the null.</param>
    /// <param name="prior">When the difference may begin.</param>
    public EvidenceProcess(Claim claim, Margin margin, StartPrior prior)
    {
        _claim = claim;
        Margin = margin;
        _prior = prior;
    }

    /// <summary>The boundary of the null; it may be moved before the first block, and never after.</summary>
    public Margin Margin { get; set; }

    /// <summary>Informative blocks so far.</summary>
    public int Blocks { get; private set; }

    /// <summary>ln E now.</summary>
    public double LogEvidence { get; private set; }

    /// <summary>Highest ln E so far, at least 0 (the process starts at E = 1).</summary>
    public double Highest { get; private set; }

    /// <summary>
    /// Takes a block. <paramref name="stableRate"/> and φ (<paramref name="overdispersion"/> ≥ 1, which divides ln e:
    /// quasi-likelihood tempering) must come from earlier blocks only. As e^(1/φ) has expectation at most 1 whenever e has
    /// (Jensen's inequality, the power being concave), a φ that changes from block to block keeps the process valid.
    /// </summary>
    public void Observe(in BlockCounts block, double stableRate, double overdispersion = 1)
    {
        if (!block.IsInformative)
            return;
        Blocks++;
        var logStart = Math.Log(_prior.Probability(Blocks));
        stableRate = ArmRates.Clamp(stableRate);
        for (var k = 0; k < _logM.Length; k++)
        {
            var before = Blocks == 1 ? logStart : LogMath.Add(_logM[k], logStart);
            _logM[k] = before + (LogE(block, k, stableRate) / overdispersion);
        }

        Refresh();
        Highest = Math.Max(Highest, LogEvidence);
    }

    /// <summary>
    /// Expected canary requests until ln E reaches <paramref name="target"/> when the truth is <paramref name="truth"/>
    /// (Wald's approximation for the fastest odds ratio, from the evidence as it is); infinite when it never does.
    /// </summary>
    public double ExpectedCanaryRequests(double target, ArmRates truth, double stablePerCanary, double stableRate, double overdispersion = 1)
    {
        var perRequest = new BlockCounts(1, truth.Canary, stablePerCanary, stablePerCanary * truth.Stable);
        var fewest = double.PositiveInfinity;
        for (var k = 0; k < _logM.Length; k++)
        {
            var growth = LogE(perRequest, k, ArmRates.Clamp(stableRate)) / overdispersion;
            var missing = target - OddsGrid.LogWeight - (Blocks == 0 ? Math.Log(_prior.Probability(1)) : _logM[k]);
            if (missing <= 0)
                return 0;
            if (growth > 0)
                fewest = Math.Min(fewest, missing / growth);
        }

        return fewest;
    }

    /// <summary>Takes over what another process of the same kind has seen.</summary>
    public void Follow(EvidenceProcess other)
    {
        other._logM.CopyTo(_logM, 0);
        (Margin, Blocks, LogEvidence, Highest) = (other.Margin, other.Blocks, other.LogEvidence, other.Highest);
    }

    public ProcessState Save() => new() { Blocks = Blocks, LogMartingales = [.. _logM], Highest = Highest };

    public void Restore(ProcessState state)
    {
        if (state.LogMartingales.IsDefault || state.LogMartingales.Length != _logM.Length)
            throw new ArgumentException($"The state of an e-process does not hold {_logM.Length} odds ratios.", nameof(state));
        state.LogMartingales.CopyTo(_logM);
        Blocks = state.Blocks;
        Highest = state.Highest;
        if (Blocks > 0)
            Refresh();
        else
            LogEvidence = 0;
    }

    private double LogE(in BlockCounts block, int k, double stableRate)
    {
        var boundary = ArmRates.Clamp(Margin.Boundary(stableRate));
        var ratio = OddsGrid.Values[k];
        var odds = boundary / (1 - boundary) * (_claim == Claim.Regression ? ratio : 1 / ratio);
        var alternative = new ArmRates(ArmRates.Clamp(odds / (1 + odds)), stableRate);
        return TwoSampleEValue.Log(Margin, _claim, block, alternative);
    }

    private void Refresh() =>
        LogEvidence = LogMath.Add(LogMath.Sum(_logM) + OddsGrid.LogWeight, Math.Log(_prior.Later(Blocks)));
}
