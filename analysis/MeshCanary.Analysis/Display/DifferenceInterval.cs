namespace MeshCanary.Analysis.Display;

/// <summary>A difference of shares with the ends of its confidence sequence.</summary>
/// <param name="Difference">Canary minus stable.</param>
/// <param name="Low">Lower end.</param>
/// <param name="High">Upper end.</param>
public readonly record struct DifferenceInterval(double Difference, double Low, double High);
