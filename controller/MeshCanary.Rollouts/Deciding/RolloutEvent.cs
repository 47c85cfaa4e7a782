namespace MeshCanary.Rollouts.Deciding;

/// <summary>Something that happened in a rollout.</summary>
/// <param name="Kind">A stable word: <c>RunStarted</c>, <c>StepStarted</c>, <c>Promoted</c>, <c>RolledBack</c> and so on.</param>
/// <param name="Message">In plain words, with numbers.</param>
/// <param name="RunId">The run it belongs to, or null.</param>
public sealed record RolloutEvent(string Kind, string Message, string? RunId);
