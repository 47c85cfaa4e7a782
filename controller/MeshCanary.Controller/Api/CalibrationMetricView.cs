namespace MeshCanary.Controller.Api;

/// <summary>How much one metric of a service varies by itself.</summary>
/// <param name="Metric">Its name, as in a verdict.</param>
/// <param name="Overdispersion">φ ≥ 1: how many times more it varies than independent requests would.</param>
/// <param name="Blocks">Minutes that φ rests on: those with bad and good requests.</param>
/// <param name="ComparedBlocks">Minutes in which stable could be compared with itself.</param>
/// <param name="Louder">φ that the run in flight measures, once that is found to be above what was stored; otherwise null.</param>
public sealed record CalibrationMetricView(string Metric, double Overdispersion, int Blocks, int ComparedBlocks, double? Louder);
