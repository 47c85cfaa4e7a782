namespace MeshCanary.Analysis.Hypotheses.Drift;

/// <summary>State of a gauge's CUSUM.</summary>
/// <param name="Sum">S, in deviations.</param>
public sealed record GaugeCusumState(double Sum);
