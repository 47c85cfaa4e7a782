using MeshCanary.Analysis.Numerics;

namespace MeshCanary.Analysis.Sequential;

/// <summary>
/// E-process against "paired differences are symmetric around 0", the robust second opinion: equal arms that do not differ are
/// exchangeable within a minute, whatever clustering there is in it, so the sign of D is a fair coin given its size. Per
/// block e = e^{λu}/cosh(λu) with u = D/√(mean of past D²), mixed over λ ∈ {¼, ½, 1, 2, 4} as the average of the products. De la Peña
/// 1999, Ann. Probab. 27:537; Ramdas, Ruf, Larsson and Koolen 2020; Vovk and Wang 2024 (arXiv 2208.08925). A block is worth ln 2
/// at most, so 1/α takes log₂(1/α) blocks: 7 at 1 %. Evidence grows when the canary's values are larger. Dependence between
/// blocks breaks it. Not thread-safe.
/// </summary>
public sealed class SymmetryEProcess
{
    /// <summary>A difference beyond this size is refused: its square would overflow.</summary>
    public const double Largest = 1e150;

    private static readonly double[] Grid = [0.25, 0.5, 1, 2, 4];
    private readonly double[] _logs = new double[Grid.Length];
    private double _meanSquare;

    /// <summary>Differences taken so far, those that only set the scale included.</summary>
    public int Blocks { get; private set; }

    /// <summary>ln E now.</summary>
    public double LogEvidence { get; private set; }

    /// <summary>Highest ln E so far, at least 0.</summary>
    public double Highest { get; private set; }

    /// <summary>
    /// Takes the difference of a block, canary minus stable, in any unit that stays the same. The first one, and any before
    /// the first that is not 0, has no scale and only sets it (e = 1); a difference of 0 says nothing (e = 1) and counts for
    /// the scale.
    /// </summary>
    /// <returns>False, and nothing is taken, when it is NaN, infinite or larger than <see cref="Largest"/>.</returns>
    public bool Observe(double difference)
    {
        if (!(Math.Abs(difference) <= Largest))
            return false;
        if (_meanSquare > 0)
        {
            var u = difference / Math.Sqrt(_meanSquare);
            for (var k = 0; k < _logs.Length; k++)
                _logs[k] += LogE(Grid[k] * u);
            Refresh();
            Highest = Math.Max(Highest, LogEvidence);
        }

        Blocks++;
        _meanSquare += ((difference * difference) - _meanSquare) / Blocks;
        return true;
    }

    /// <summary>What a restart needs.</summary>
    public SymmetryState Save() => new() { Blocks = Blocks, MeanSquare = _meanSquare, Grid = new GridState { Logs = [.. _logs], Highest = Highest } };

    /// <summary>Goes on from a saved state.</summary>
    /// <exception cref="ArgumentException">The state holds what no process can have.</exception>
    public void Restore(SymmetryState state)
    {
        ArgumentNullException.ThrowIfNull(state);
        if (state.Blocks < 0 || !(state.MeanSquare is >= 0 and <= Largest * Largest))
            throw new ArgumentException("The state of a symmetry e-process holds a number that it cannot have.", nameof(state));
        Highest = GridState.Check(state.Grid, _logs.Length);
        state.Grid.Logs.CopyTo(_logs);
        (Blocks, _meanSquare) = (state.Blocks, state.MeanSquare);
        Refresh();
    }

    /// <summary>x − ln cosh x = ln 2 − ln(1 + e^−2x), without overflow.</summary>
    internal static double LogE(double x) =>
        x >= 0 ? Math.Log(2) - Logarithms.OnePlus(Math.Exp(-2 * x)) : Math.Log(2) + (2 * x) - Logarithms.OnePlus(Math.Exp(2 * x));

    private void Refresh() => LogEvidence = LogMath.Sum(_logs) - Math.Log(Grid.Length);
}
