namespace MeshCanary.Rollouts.Specs;

/// <summary>One header.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Value">Its value.</param>
public sealed record HeaderSpec(string Name, string Value);
