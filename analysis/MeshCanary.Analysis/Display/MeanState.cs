namespace MeshCanary.Analysis.Display;

/// <summary>State of a mean's confidence sequence.</summary>
/// <param name="Count">Values so far.</param>
/// <param name="Mean">Their mean.</param>
/// <param name="Squares">Sum of their squared distances from it.</param>
public sealed record MeanState(long Count, double Mean, double Squares);
