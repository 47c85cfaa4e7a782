namespace MeshCanary.Analysis.Display;

/// <summary>State of a difference's confidence sequence.</summary>
/// <param name="Weighted">Weighted sum of the interval differences.</param>
/// <param name="Variance">Sum of their variances.</param>
/// <param name="Weight">Sum of the weights.</param>
public sealed record DifferenceState(double Weighted, double Variance, double Weight);
