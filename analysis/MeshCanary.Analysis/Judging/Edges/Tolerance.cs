using MeshCanary.Analysis.Calibration;
using MeshCanary.Analysis.Sequential;

namespace MeshCanary.Analysis.Judging.Edges;

/// <summary>
/// The FAIL margin that a metric is judged with. A strict one (nothing tolerated) asks for evidence that is exact, which it
/// is not while nobody knows how much the service varies by itself: without a known φ identical versions would be rolled
/// back in up to 99 % of the rollouts of a noisy service, and the margin is then the default one.
/// </summary>
/// <param name="Margin">Margin of errors; none for latency.</param>
/// <param name="Buckets">Shift of the canary's edge for latency; 0 for errors.</param>
/// <param name="IsReplaced">Whether a strict margin was replaced.</param>
internal readonly record struct Tolerance(Margin Margin, int Buckets, bool IsReplaced)
{
    private static readonly AnalysisSettings Defaults = new();

    /// <summary>The margin of errors.</summary>
    public static Tolerance OfErrors(AnalysisSettings settings)
    {
        var known = settings.ErrorOverdispersion is not null || Stored(settings, MetricNames.Errors) is not null;
        var replaced = !known && settings is { ErrorToleranceAbsolute: 0, ErrorToleranceRelative: 0 };
        var used = replaced ? Defaults : settings;
        return new Tolerance(new Margin(used.ErrorToleranceAbsolute, used.ErrorToleranceRelative), 0, replaced);
    }

    /// <summary>The margin of a latency metric.</summary>
    public static Tolerance OfLatency(AnalysisSettings settings, string metric)
    {
        var known = settings.LatencyOverdispersion is not null || Stored(settings, metric) is not null;
        var replaced = !known && settings.LatencyToleranceBuckets == 0;
        return new Tolerance(Margin.None, (replaced ? Defaults : settings).LatencyToleranceBuckets, replaced);
    }

    /// <summary>A metric's entry in a fresh calibration, or null.</summary>
    public static MetricCalibration? Stored(AnalysisSettings settings, string metric) =>
        settings.Calibration is { Standing: CalibrationStanding.Fresh } profile
            ? profile.Metrics.FirstOrDefault(entry => entry.Metric == metric)
            : null;
}
