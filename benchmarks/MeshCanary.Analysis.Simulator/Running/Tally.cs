using MeshCanary.Analysis.Simulator.Procedures;

namespace MeshCanary.Analysis.Simulator.Running;

/// <summary>What a procedure did in all runs of a scenario.</summary>
internal sealed class Tally
{
    private readonly double[] _rolledBack;
    private readonly double[] _promoted;

    /// <param name="outcomes">One per run.</param>
    /// <param name="fromMinute">Rollbacks at or before this minute are none that count: there was nothing to find.</param>
    public Tally(IReadOnlyCollection<Outcome> outcomes, double fromMinute = 0)
    {
        Runs = outcomes.Count;
        Held = outcomes.Count(outcome => outcome.IsHeld);
        _rolledBack = [.. outcomes.Where(outcome => outcome.RolledBack > fromMinute).Select(outcome => outcome.RolledBack).Order()];
        _promoted = [.. outcomes.Where(outcome => outcome.IsPromoted).Select(outcome => outcome.Promoted).Order()];
    }

    /// <summary>Number of runs.</summary>
    public int Runs { get; }

    /// <summary>Runs that were rolled back.</summary>
    public int RolledBack => _rolledBack.Length;

    /// <summary>Runs that were promoted before anything else.</summary>
    public int Promoted => _promoted.Length;

    /// <summary>Runs that ended with a verdict that nothing can be decided.</summary>
    public int Held { get; }

    /// <summary>Share of runs rolled back, 0…1.</summary>
    public double RollbackShare => (double)RolledBack / Runs;

    /// <summary>Share of runs promoted, 0…1.</summary>
    public double PromotionShare => (double)Promoted / Runs;

    /// <summary>Minute by which a share of the rolled-back runs were (the lower order statistic); not a number without any.</summary>
    public double RollbackMinute(double share) => Quantile(_rolledBack, share);

    /// <summary>Median minute of promotion; not a number without any.</summary>
    public double PromotionMinute => Quantile(_promoted, 0.5);

    /// <summary>Monte Carlo standard error of a share.</summary>
    public double Error(double share) => Math.Sqrt(share * (1 - share) / Runs);

    private static double Quantile(double[] sorted, double share) =>
        sorted.Length == 0 ? double.NaN : sorted[Math.Clamp((int)Math.Ceiling(share * sorted.Length) - 1, 0, sorted.Length - 1)];
}
