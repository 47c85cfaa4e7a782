using MeshCanary.Contracts.V1;
using MeshCanary.Proxy.Recording;

namespace MeshCanary.Proxy.Reporting;

/// <summary>Reads one snapshot's draws and keeps what it read, so that the next reading is the difference.</summary>
internal sealed class DrawReading(DrawCounters counters)
{
    private long _stable;
    private long _canary;

    public DrawCounters Counters { get; } = counters;

    /// <summary>Takes what was drawn since the last call; null when nothing was.</summary>
    public DrawCounts? Take()
    {
        var (stable, canary) = (Counters.Stable, Counters.Canary);
        if (stable == _stable && canary == _canary)
            return null;

        var taken = new DrawCounts
        {
            SnapshotVersion = Counters.Version,
            CanaryRevision = Counters.CanaryRevision,
            CanaryWeight = Counters.CanaryWeight,
            Stable = (ulong)(stable - _stable),
            Canary = (ulong)(canary - _canary),
        };
        (_stable, _canary) = (stable, canary);
        return taken;
    }
}
