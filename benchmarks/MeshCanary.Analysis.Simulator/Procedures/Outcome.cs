namespace MeshCanary.Analysis.Simulator.Procedures;

/// <summary>What a procedure decided in a run, and when (minutes from the start); not a number for what it did not.</summary>
/// <param name="RolledBack">Minute of the rollback.</param>
/// <param name="Promoted">Minute in which it would first have promoted, had it not rolled back before.</param>
internal readonly record struct Outcome(double RolledBack, double Promoted)
{
    /// <summary>Nothing decided.</summary>
    public static Outcome None { get; } = new(double.NaN, double.NaN);

    /// <summary>Whether the canary was rolled back.</summary>
    public bool IsRolledBack => !double.IsNaN(RolledBack);

    /// <summary>Whether it was promoted before anything else.</summary>
    public bool IsPromoted => !double.IsNaN(Promoted);

    /// <summary>Whether the last verdict was that nothing can be decided: the arms differ by more than the version, or one pod does.</summary>
    public bool IsHeld { get; init; }
}
