using MeshCanary.Analysis.Samples;

namespace MeshCanary.Controller.Metrics;

/// <summary>Draws of one window at one weight.</summary>
/// <param name="Stable">Drawn for stable.</param>
/// <param name="Canary">Drawn for the canary.</param>
/// <param name="RepeatStable">Of the former those whose user brought a key along.</param>
/// <param name="RepeatCanary">Of the latter likewise.</param>
internal readonly record struct WindowDraws(long Stable, long Canary, long RepeatStable, long RepeatCanary)
{
    /// <summary>
    /// The draws that tell of the split. One busy user who stays on an arm would otherwise look like many draws that
    /// all fell the same way.
    /// </summary>
    public DrawCounts Independent(int weight) => new(weight, Stable - RepeatStable, Canary - RepeatCanary);
}
