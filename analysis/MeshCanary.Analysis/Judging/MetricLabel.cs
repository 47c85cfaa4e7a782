using MeshCanary.Analysis.Kayenta;

namespace MeshCanary.Analysis.Judging;

/// <summary>What a judgement in Kayenta's manner found for one metric.</summary>
/// <param name="Metric"><c>errorRate</c>, <c>requestRate</c>, <c>latencyP99</c> and so on.</param>
/// <param name="Label">The label.</param>
/// <param name="Reason">Why, in words; empty when there is nothing to say.</param>
/// <param name="Critical">Whether this label, unless it is Pass, fails the canary alone.</param>
public sealed record MetricLabel(string Metric, KayentaLabel Label, string Reason, bool Critical);
