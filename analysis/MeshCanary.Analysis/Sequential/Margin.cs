namespace MeshCanary.Analysis.Sequential;

/// <summary>The line p_c = a + (1 + r)·p_b between two hypotheses.</summary>
/// <param name="Absolute">a ≥ 0.</param>
/// <param name="Relative">r ≥ 0.</param>
public readonly record struct Margin(double Absolute, double Relative)
{
    /// <summary>No margin: p_c = p_b.</summary>
    public static Margin None => default;

    /// <summary>The canary's probability on the line for one of stable; may exceed 1.</summary>
    public double Boundary(double stable) => Absolute + ((1 + Relative) * stable);
}
