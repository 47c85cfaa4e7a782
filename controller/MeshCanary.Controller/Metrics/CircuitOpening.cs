namespace MeshCanary.Controller.Metrics;

/// <summary>A proxy's circuit that opened.</summary>
/// <param name="Revision">The canary revision that it took out.</param>
/// <param name="At">End of the report that told it.</param>
/// <param name="CanaryFailures">Failures of the canary within the window.</param>
/// <param name="CanaryRequests">Its requests.</param>
/// <param name="StableFailures">Failures of stable within the window.</param>
/// <param name="StableRequests">Its requests.</param>
internal sealed record CircuitOpening(
    string Revision, DateTimeOffset At, ulong CanaryFailures, ulong CanaryRequests, ulong StableFailures, ulong StableRequests);
