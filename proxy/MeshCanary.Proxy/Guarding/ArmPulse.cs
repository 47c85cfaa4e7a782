using MeshCanary.Proxy.Recording;

namespace MeshCanary.Proxy.Guarding;

/// <summary>How one arm fares, as a circuit sees it. Counting a failure is the only write, so that success costs nothing.</summary>
internal sealed class ArmPulse(RevisionCounters counters, TimeProvider time)
{
    // A failure is among the latest when no more requests than these have ended since.
    private const int FewRequests = 2;

    private long _failures;
    private long _lastFailureAt;
    private long _requestsAtLastFailure;

    /// <summary>Requests that have ended.</summary>
    public long Requests => counters.Progress.Ended;

    /// <summary>Those of them that failed by the version's fault.</summary>
    public long Failures => Volatile.Read(ref _failures);

    /// <summary>Whether one of its latest requests failed, and not longer ago than this.</summary>
    public bool HasJustFailed(TimeSpan within) =>
        Failures > 0
        && Requests - Volatile.Read(ref _requestsAtLastFailure) <= FewRequests
        && time.GetElapsedTime(Volatile.Read(ref _lastFailureAt)) <= within;

    public void Fail()
    {
        Volatile.Write(ref _lastFailureAt, time.GetTimestamp());
        Volatile.Write(ref _requestsAtLastFailure, Requests);
        Interlocked.Increment(ref _failures);
    }
}
