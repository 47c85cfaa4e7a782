using MeshCanary.Analysis.Judging;

namespace MeshCanary.Controller.Recording;

/// <summary>What a run's analysis was set to when it began.</summary>
/// <param name="Interval">Length of an interval.</param>
/// <param name="Settings">The judge's settings.</param>
internal sealed record RunSettings(TimeSpan Interval, AnalysisSettings Settings);
