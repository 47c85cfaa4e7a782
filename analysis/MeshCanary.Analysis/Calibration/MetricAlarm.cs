namespace MeshCanary.Analysis.Calibration;

/// <summary>Live against stored φ of one metric.</summary>
/// <param name="Metric">Its name.</param>
/// <param name="Kind">What is to be said of it.</param>
/// <param name="Stored">Stored φ, at the traffic of the run (<see cref="MetricCalibration.OverdispersionAt"/>).</param>
/// <param name="Live">φ measured in the run so far, uncorrected; 1 without an informative block.</param>
/// <param name="LiveBlocks">Informative blocks of a minute that it rests on.</param>
/// <param name="Evidence">ln of the e-process against "live φ is not above the stored one" at its highest.</param>
public sealed record MetricAlarm(string Metric, AlarmKind Kind, double Stored, double Live, long LiveBlocks, double Evidence);
