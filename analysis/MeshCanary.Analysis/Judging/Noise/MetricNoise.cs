using MeshCanary.Analysis.Calibration;
using MeshCanary.Analysis.Judging.Edges;

namespace MeshCanary.Analysis.Judging.Noise;

/// <summary>
/// The overdispersion φ of one metric, as known before an interval: given by a person; or stored by a fresh calibration,
/// at the traffic of the run, and no less than what is measured live once that is found to be louder; or learned in the run.
/// </summary>
internal sealed class MetricNoise
{
    private readonly double? _given;

    public MetricNoise(AnalysisSettings settings, string metric)
    {
        _given = Given(settings, metric);
        Stored = _given is null ? Tolerance.Stored(settings, metric) : null;
        if (IsUnknown)
            Online = new OnlineOverdispersion();
    }

    /// <summary>φ ≥ 1 for the next interval.</summary>
    public double Value => _given ?? Online?.Value ?? Math.Max(Stored!.OverdispersionAt(BlockRequests), Louder?.Live ?? 1);

    /// <summary>Whether nobody gave it and no history tells it.</summary>
    public bool IsUnknown => _given is null && Stored is null;

    /// <summary>What a fresh calibration stored, where that is used; otherwise null.</summary>
    public MetricCalibration? Stored { get; }

    /// <summary>What is learned in the run, where nothing is known; otherwise null.</summary>
    public OnlineOverdispersion? Online { get; set; }

    /// <summary>The alarm that the stored φ is too small, at its newest; null while there is none.</summary>
    public MetricAlarm? Louder { get; set; }

    /// <summary>Requests an arm and minute at the present traffic, as the harmonic mean of both arms.</summary>
    public double BlockRequests { get; set; }

    /// <summary>φ of a metric when a run begins.</summary>
    public static double AtStart(AnalysisSettings settings, string metric) =>
        Given(settings, metric) ?? Tolerance.Stored(settings, metric)?.Overdispersion ?? PhiEstimate.PriorOverdispersion;

    private static double? Given(AnalysisSettings settings, string metric) =>
        metric == MetricNames.Errors ? settings.ErrorOverdispersion : settings.LatencyOverdispersion;
}
