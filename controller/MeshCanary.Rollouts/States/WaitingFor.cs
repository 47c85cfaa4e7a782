namespace MeshCanary.Rollouts.States;

/// <summary>What the rollout waits for. Every wait has a deadline with an action.</summary>
/// <param name="What">In plain words.</param>
/// <param name="Since">Since when.</param>
/// <param name="Until">Until when; null only where nothing is at stake (phase Stable or Failed).</param>
/// <param name="Then">What happens then, in plain words.</param>
public sealed record WaitingFor(string What, DateTimeOffset Since, DateTimeOffset? Until, string Then);
