namespace MeshCanary.Analysis.Sequential;

/// <summary>State of a symmetry e-process.</summary>
public sealed record SymmetryState
{
    /// <summary>Differences taken so far.</summary>
    public required int Blocks { get; init; }

    /// <summary>Mean of their squares.</summary>
    public required double MeanSquare { get; init; }

    /// <summary>The products and the highest evidence.</summary>
    public required GridState Grid { get; init; }
}
