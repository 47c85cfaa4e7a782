namespace MeshCanary.Analysis.Hypotheses.Proportions;

/// <summary>A two-sided confidence interval of a share or of a difference of shares, as fractions (0.01 is one percent).</summary>
/// <param name="Low">Lower end.</param>
/// <param name="High">Upper end.</param>
public readonly record struct ShareInterval(double Low, double High);
