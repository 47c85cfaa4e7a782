using System.Collections.Immutable;

namespace MeshCanary.Controller.Metrics.Providers;

/// <summary>One number of an answer.</summary>
/// <param name="Labels">What tells its series from the others; empty when there is one.</param>
/// <param name="Value">A finite number.</param>
/// <param name="At">When it was measured, as the provider says; null when it does not.</param>
internal sealed record MetricValue(ImmutableDictionary<string, string> Labels, double Value, DateTimeOffset? At);
