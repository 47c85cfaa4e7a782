namespace MeshCanary.Rollouts.States;

/// <summary>A run held at its weight: only in phase <see cref="Phase.Paused"/>.</summary>
/// <param name="Kind">Why.</param>
/// <param name="Since">Since when.</param>
/// <param name="Until">Until when; what happens then follows from <paramref name="Kind"/> and the spec.</param>
public sealed record Hold(HoldKind Kind, DateTimeOffset Since, DateTimeOffset Until);
