using MeshCanary.Contracts.V1;

namespace MeshCanary.Proxy.Endpoints;

/// <summary>When an endpoint gets no requests for a while, defaults filled in.</summary>
/// <param name="Unreachable">Failures in a row to reach it.</param>
/// <param name="Failures">Failures in a row of any kind; 0 for never.</param>
/// <param name="Pause">First pause.</param>
/// <param name="MaxEjectedPercent">Share of the arm's endpoints that failures may eject at a time.</param>
internal readonly record struct OutlierRules(int Unreachable, int Failures, TimeSpan Pause, int MaxEjectedPercent)
{
    private const int LongestPause = 10;

    public static OutlierRules Of(OutlierEjection? wanted) => new(
        wanted is { Unreachable: > 0 } ? (int)wanted.Unreachable : 3,
        (int)(wanted?.Failures ?? 0),
        TimeSpan.FromMilliseconds(wanted is { PauseMs: > 0 } ? wanted.PauseMs : 2000),
        wanted is { MaxEjectedPercent: > 0 } ? (int)wanted.MaxEjectedPercent : 50);

    /// <summary>The pause of an ejection, by how many there were in a row with it.</summary>
    public TimeSpan PauseOf(int ejections) => Pause * Math.Clamp(ejections, 1, LongestPause);
}
