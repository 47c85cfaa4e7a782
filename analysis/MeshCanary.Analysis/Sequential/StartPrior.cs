namespace MeshCanary.Analysis.Sequential;

/// <summary>
/// When the difference may have begun: probability <paramref name="First"/> for block 1, the rest spread evenly over
/// blocks 2…<paramref name="Planned"/>. It sums to 1, so past the plan no new start is added: the process stays an
/// e-process (and valid) for as long as it runs, it only no longer gains speed on regressions that begin that late.
/// </summary>
/// <param name="First">Probability of block 1, inside (0, 1].</param>
/// <param name="Planned">Planned blocks, at least 1; with 1 all of the probability is on it.</param>
public readonly record struct StartPrior(double First, int Planned)
{
    /// <summary>The difference is there from the first block on.</summary>
    public static StartPrior AtOnce { get; } = new(1, 1);

    /// <summary>Probability that the difference begins with block <paramref name="block"/> (from 1).</summary>
    public double Probability(int block) => block switch
    {
        1 => Planned > 1 ? First : 1,
        _ when block > Planned => 0,
        _ => (1 - First) / (Planned - 1),
    };

    /// <summary>Probability that it begins after block <paramref name="block"/>.</summary>
    public double Later(int block) => block >= Planned ? 0 : (1 - First) * (Planned - block) / (Planned - 1);
}
