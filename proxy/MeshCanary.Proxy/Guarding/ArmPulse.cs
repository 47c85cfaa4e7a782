using MeshCanary.Proxy.Recording;

namespace MeshCanary.Proxy.Guarding;

/// <summary>How one arm fares, as a circuit sees it. Counting a failure is the only write, so that success costs nothing.</summary>
internal sealed class ArmPulse(RevisionCounters counters)
{
    private long _failures;

    /// <summary>Requests that have ended.</summary>
    public long Requests => counters.Progress.Ended;

    /// <summary>Those of them that failed by the version's fault.</summary>
    public long Failures => Volatile.Read(ref _failures);

    public void Fail() => Interlocked.Increment(ref _failures);
}
