namespace MeshCanary.Analysis.Samples;

/// <summary>
/// How many requests were drawn for each arm while one canary weight was in force, each for itself alone: a sticky user
/// who comes again is not drawn again.
/// </summary>
/// <param name="CanaryWeight">The weight in force, in basis points (0…10000).</param>
/// <param name="Stable">Requests drawn for the stable arm.</param>
/// <param name="Canary">Requests drawn for the canary arm, also those that stable had to serve.</param>
public sealed record DrawCounts(int CanaryWeight, long Stable, long Canary);
