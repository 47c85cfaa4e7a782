namespace MeshCanary.Analysis.Sequential;

/// <summary>
/// E-process against "paired differences are symmetric around 0 or a lower value", for a difference that may begin late:
/// the bets of <see cref="SymmetryEProcess"/> with the start-time mixture of <see cref="EvidenceProcess"/>,
/// M_k ← e_k·(M_k + π_i), E = Σ M_k/K + (probability of a later start), e = e^{λu}/cosh(λu), u = D/√(mean of past D²). e rises with u,
/// so a difference that lies lower only makes it smaller: the null holds for every shift downwards. Dependence
/// between blocks breaks it. Not thread-safe.
/// </summary>
internal sealed class PairedProcess
{
    private static readonly double[] Grid = [0.25, 0.5, 1, 2, 4];
    private readonly StartPrior _prior;
    private readonly double[] _logM = new double[Grid.Length];
    private double _meanSquare;

    public PairedProcess(StartPrior prior) => _prior = prior;

    /// <summary>Differences taken so far; the first only sets the scale.</summary>
    public int Blocks { get; private set; }

    /// <summary>ln E now.</summary>
    public double LogEvidence { get; private set; }

    /// <summary>Highest ln E so far, at least 0.</summary>
    public double Highest { get; private set; }

    /// <summary>Takes a difference; one beyond <see cref="SymmetryEProcess.Largest"/> in size is cut to it.</summary>
    public void Observe(double difference)
    {
        difference = Math.Clamp(difference, -SymmetryEProcess.Largest, SymmetryEProcess.Largest);
        var u = _meanSquare > 0 ? difference / Math.Sqrt(_meanSquare) : 0;
        Blocks++;
        _meanSquare += ((difference * difference) - _meanSquare) / Blocks;
        var logStart = Math.Log(_prior.Probability(Blocks));
        for (var k = 0; k < _logM.Length; k++)
        {
            var before = Blocks == 1 ? logStart : LogMath.Add(_logM[k], logStart);
            _logM[k] = before + SymmetryEProcess.LogE(Grid[k] * u);
        }

        Refresh();
        Highest = Math.Max(Highest, LogEvidence);
    }

    public SymmetryState Save() => new() { Blocks = Blocks, MeanSquare = _meanSquare, Grid = new GridState { Logs = [.. _logM], Highest = Highest } };

    public void Restore(SymmetryState state)
    {
        Highest = GridState.Check(state.Grid, _logM.Length);
        state.Grid.Logs.CopyTo(_logM);
        (Blocks, _meanSquare) = (state.Blocks, state.MeanSquare);
        if (Blocks > 0)
            Refresh();
    }

    private void Refresh() =>
        LogEvidence = LogMath.Add(LogMath.Sum(_logM) - Math.Log(Grid.Length), Math.Log(_prior.Later(Blocks)));
}
