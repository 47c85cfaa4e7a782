namespace MeshCanary.TestCluster.Load;

/// <summary>One request.</summary>
/// <param name="At">When it was sent, from the start of the load on.</param>
/// <param name="Took">How long it took.</param>
/// <param name="Outcome">What became of it.</param>
/// <param name="Status">The HTTP status, or 0 without an answer.</param>
/// <param name="Version">Which version answered, or empty.</param>
/// <param name="Instance">Which pod answered, or empty.</param>
/// <param name="Failure">What broke, or empty.</param>
public sealed record LoadSample(
    TimeSpan At, TimeSpan Took, LoadOutcome Outcome, int Status, string Version, string Instance, string Failure);
