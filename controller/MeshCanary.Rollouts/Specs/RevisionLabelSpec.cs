namespace MeshCanary.Rollouts.Specs;

/// <summary>Which label tells the revision of a series, and what it holds.</summary>
/// <param name="Label">Name of the label.</param>
/// <param name="By">What its value is.</param>
public sealed record RevisionLabelSpec(string Label, RevisionMark By);
