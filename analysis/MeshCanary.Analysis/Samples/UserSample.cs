namespace MeshCanary.Analysis.Samples;

/// <summary>
/// Users instead of requests: the first request of every user in the run, each user once. With sticky users it is they
/// who are drawn, so that one busy or broken client is one observation and not thousands.
/// </summary>
/// <param name="Stable">First requests of the users that stable serves.</param>
/// <param name="Canary">First requests of the users that the canary serves.</param>
public sealed record UserSample(ArmCounts Stable, ArmCounts Canary);
