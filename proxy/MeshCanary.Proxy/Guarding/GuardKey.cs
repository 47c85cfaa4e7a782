namespace MeshCanary.Proxy.Guarding;

/// <summary>What a guard is of: while this is the same, so are its figures.</summary>
/// <param name="Route">Name of the route.</param>
/// <param name="StableRevision">What the canary is held against.</param>
/// <param name="CanaryRevision">The canary.</param>
/// <param name="Circuit">Settings of the circuit; null for none.</param>
/// <param name="Run">Run of the exposure budget; null for none.</param>
internal sealed record GuardKey(string Route, string StableRevision, string CanaryRevision, CircuitSettings? Circuit, string? Run);
