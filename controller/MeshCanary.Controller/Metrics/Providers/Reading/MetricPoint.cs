namespace MeshCanary.Controller.Metrics.Providers.Reading;

/// <summary>One point of a series.</summary>
/// <param name="At">When it begins, as the provider says; null when it does not.</param>
/// <param name="Value">Its number, finite or not; null for a gap.</param>
internal readonly record struct MetricPoint(DateTimeOffset? At, double? Value);
