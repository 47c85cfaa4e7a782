using MeshCanary.Analysis.Judging;

namespace MeshCanary.Controller.Recording;

/// <summary>What a run's analysis was set to when it began.</summary>
/// <param name="Interval">Length of an interval.</param>
/// <param name="Settings">The judge's settings.</param>
/// <param name="BakeIntervals">Intervals that a bake takes.</param>
/// <param name="Format">Format of the record that the run's intervals make; 1 where it is not written.</param>
internal sealed record RunSettings(TimeSpan Interval, AnalysisSettings Settings, long BakeIntervals = 0, int Format = 1);
