namespace MeshCanary.Rollouts.Deciding;

/// <summary>What ends a run at once, as a Fail does, without waiting for the statistics.</summary>
/// <param name="Kind">The event that tells it: <see cref="EventKinds.CircuitOpened"/> or <see cref="EventKinds.ExposureSpent"/>.</param>
/// <param name="Reason">In plain words, with numbers and without a full stop.</param>
public sealed record CanaryAlarm(string Kind, string Reason);
