namespace MeshCanary.Analysis.Judging;

/// <summary>An absolute limit that the canary broke.</summary>
/// <param name="Metric">The guarded metric, as in <see cref="Guard.Metric"/>.</param>
/// <param name="Limit">The limit: a share (0…1) or seconds.</param>
/// <param name="Observed">What the canary showed in the last interval, in the same unit.</param>
/// <param name="Requests">Canary requests in that interval.</param>
public sealed record GuardBreach(string Metric, double Limit, double Observed, long Requests);
