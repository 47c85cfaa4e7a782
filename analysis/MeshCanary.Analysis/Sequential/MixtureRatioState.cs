namespace MeshCanary.Analysis.Sequential;

/// <summary>State of a running mixture ratio test.</summary>
/// <param name="Sum">Weighted sum of the interval differences.</param>
/// <param name="Variance">Sum of their variances.</param>
/// <param name="Weight">Sum of the weights.</param>
/// <param name="PValue">Smallest p-value so far.</param>
public sealed record MixtureRatioState(double Sum, double Variance, double Weight, double PValue);
