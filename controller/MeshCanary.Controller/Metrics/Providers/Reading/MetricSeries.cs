using System.Collections.Immutable;

namespace MeshCanary.Controller.Metrics.Providers.Reading;

/// <summary>One series of an answer.</summary>
/// <param name="Labels">What tells it from the others.</param>
/// <param name="Points">Its points; in any order.</param>
internal sealed record MetricSeries(ImmutableDictionary<string, string> Labels, ImmutableArray<MetricPoint> Points)
{
    /// <summary>A series of one number.</summary>
    public static MetricSeries Of(ImmutableDictionary<string, string> labels, double? value, DateTimeOffset? at = null) => new(labels, [new(at, value)]);
}
