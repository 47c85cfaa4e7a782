namespace MeshCanary.Splitting.Choosing;

/// <summary>The arm of one request.</summary>
/// <param name="Arm">The arm.</param>
/// <param name="Reason">Why.</param>
public readonly record struct Choice(Arm Arm, ChoiceReason Reason);
