namespace MeshCanary.Analysis.Hypotheses;

/// <summary>Requests of both arms and the bad ones among them.</summary>
/// <param name="CanaryEvents">Bad requests of the canary.</param>
/// <param name="CanaryRequests">Requests of the canary.</param>
/// <param name="StableEvents">Bad requests of stable.</param>
/// <param name="StableRequests">Requests of stable.</param>
public readonly record struct TwoProportions(long CanaryEvents, long CanaryRequests, long StableEvents, long StableRequests);
