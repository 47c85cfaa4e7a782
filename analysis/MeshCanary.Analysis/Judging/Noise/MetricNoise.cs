using MeshCanary.Analysis.Judging.Edges;

namespace MeshCanary.Analysis.Judging.Noise;

/// <summary>
/// The overdispersion φ of one metric, as known before an interval: given by a person, or stored by a fresh calibration, or
/// learned in the run.
/// </summary>
internal sealed class MetricNoise
{
    /// <summary>φ of a service that nothing is known of.</summary>
    public const double Unknown = 4;

    private readonly double? _given;
    private readonly double? _stored;

    public MetricNoise(AnalysisSettings settings, string metric) => (_given, _stored) = (Given(settings, metric), Stored(settings, metric));

    /// <summary>φ ≥ 1 for the next interval.</summary>
    public double Value => _given ?? _stored ?? Unknown;

    /// <summary>Whether nobody gave it and no history tells it.</summary>
    public bool IsUnknown => _given is null && _stored is null;

    /// <summary>φ of a metric when a run begins.</summary>
    public static double AtStart(AnalysisSettings settings, string metric) => Given(settings, metric) ?? Stored(settings, metric) ?? Unknown;

    private static double? Given(AnalysisSettings settings, string metric) =>
        metric == MetricNames.Errors ? settings.ErrorOverdispersion : settings.LatencyOverdispersion;

    private static double? Stored(AnalysisSettings settings, string metric) => Tolerance.Stored(settings, metric)?.Overdispersion;
}
