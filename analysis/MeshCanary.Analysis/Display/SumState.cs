namespace MeshCanary.Analysis.Display;

/// <summary>State of a sum's confidence sequence.</summary>
/// <param name="Sum">Σ w·x.</param>
/// <param name="Variance">Σ w²·var.</param>
/// <param name="Weight">Σ w.</param>
public sealed record SumState(double Sum, double Variance, double Weight);
