namespace MeshCanary.Rollouts.Specs;

/// <summary>Values of a label.</summary>
/// <param name="Label">Its name.</param>
/// <param name="Regex">A regular expression that a whole value has to match.</param>
public sealed record LabelPatternSpec(string Label, string Regex);
