namespace MeshCanary.Analysis.Hypotheses;

/// <summary>How a test is asked.</summary>
public sealed record TestOptions
{
    /// <summary>Two-sided, at 95 % confidence.</summary>
    public static TestOptions Default { get; } = new();

    /// <summary>What counts as evidence.</summary>
    public Alternative Alternative { get; init; } = Alternative.TwoSided;

    /// <summary>Confidence level of the effect's interval, inside (0, 1).</summary>
    public double Confidence { get; init; } = 0.95;
}
