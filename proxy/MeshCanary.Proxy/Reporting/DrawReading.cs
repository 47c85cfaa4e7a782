using MeshCanary.Contracts.V1;
using MeshCanary.Proxy.Recording;

namespace MeshCanary.Proxy.Reporting;

/// <summary>Reads one snapshot's draws and keeps what it read, so that the next reading is the difference.</summary>
internal sealed class DrawReading(DrawCounters counters)
{
    private DrawTotals _before;

    public DrawCounters Counters { get; } = counters;

    /// <summary>Takes what was drawn since the last call; null when nothing was.</summary>
    public DrawCounts? Take()
    {
        var (now, before) = (Counters.Totals, _before);
        if (now == before)
            return null;
        _before = now;
        var (repeatStable, repeatCanary) = (now.RepeatStable - before.RepeatStable, now.RepeatCanary - before.RepeatCanary);
        return new DrawCounts
        {
            SnapshotVersion = Counters.Version,
            CanaryRevision = Counters.CanaryRevision,
            CanaryWeight = Counters.CanaryWeight,
            Stable = (ulong)(now.Stable - before.Stable + repeatStable),
            Canary = (ulong)(now.Canary - before.Canary + repeatCanary),
            RepeatStable = (ulong)repeatStable,
            RepeatCanary = (ulong)repeatCanary,
        };
    }
}
