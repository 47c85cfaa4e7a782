using MeshCanary.Contracts.V1;
using MeshCanary.Proxy.Recording;

namespace MeshCanary.Proxy.Reporting;

/// <summary>Reads how copies ended and keeps what it read, so that the next reading is the difference.</summary>
internal sealed class MirrorReading(MirrorCounters counters)
{
    private readonly OutcomeReading _outcomes = new(counters.Outcomes);
    private long _dropped;

    /// <summary>Whether no copy was on its way when the last reading began, so that it was complete.</summary>
    public bool WasQuiet { get; private set; }

    /// <summary>Takes what was counted since the last call; null when nothing was.</summary>
    public MirrorCounts? Take()
    {
        WasQuiet = counters.AtOnce == 0;
        var dropped = counters.Dropped;
        Span<long> difference = stackalloc long[OutcomeCells.Count];
        var ended = _outcomes.Take(difference);
        var counts = !ended && dropped == _dropped
            ? null
            : new MirrorCounts
            {
                CanaryRevision = counters.CanaryRevision,
                Outcomes = ended ? OutcomeWire.Of(difference) : null,
                Dropped = (ulong)(dropped - _dropped),
            };
        _dropped = dropped;
        return counts;
    }
}
