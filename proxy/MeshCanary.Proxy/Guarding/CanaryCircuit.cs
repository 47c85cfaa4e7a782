namespace MeshCanary.Proxy.Guarding;

/// <summary>
/// Sends the canary's share to stable as soon as the canary fails in a burst, without waiting for the controller. It
/// opens with the failure that completes the burst, so after as many failed requests as the settings say, however few
/// milliseconds that takes. A request that succeeds reads one field that hardly ever changes; only failures take the lock.
/// </summary>
/// <remarks>Safe for concurrent use. After Nygard, Release It! (2007), with stable as the yardstick.</remarks>
internal sealed class CanaryCircuit(CircuitSettings settings, ArmPulse canary, ArmPulse stable, TimeProvider time)
{
    private const int SuccessesToClose = 3;

    private readonly Lock _gate = new();
    private readonly Mark[] _marks = new Mark[settings.Failures];
    private long _failuresSeen;
    private int _next;
    private volatile CircuitState _state = CircuitState.Closed;
    private long _openedAt;
    // Timestamp of the probe that is under way; 0 for none.
    private long _probing;
    private int _successes;
    private int _openings;
    private DateTimeOffset? _lastOpened;
    private BurstFigures _cause;

    /// <summary>What it was made with.</summary>
    public CircuitSettings Settings => settings;

    /// <summary>What it shows now.</summary>
    public CircuitReading Reading
    {
        get
        {
            lock (_gate)
                return new CircuitReading(_state, _openings, _lastOpened, _cause);
        }
    }

    /// <summary>Whether the canary may have a request.</summary>
    /// <returns>Admitted, Probe or CircuitOpen.</returns>
    public GuardAnswer Ask()
    {
        if (_state == CircuitState.Closed)
            return GuardAnswer.Admitted;
        return IsProbeDue() && TryProbe() ? GuardAnswer.Probe : GuardAnswer.CircuitOpen;
    }

    /// <summary>A request of the canary failed by the version's fault; tell its pulse first.</summary>
    /// <returns>The figures, when this failure opened the circuit; otherwise null.</returns>
    public BurstFigures? Failed(bool probe)
    {
        lock (_gate)
        {
            var now = new Mark(time.GetTimestamp(), canary.Requests, stable.Requests, stable.Failures);
            if (probe)
                _probing = 0;
            if (probe && _state == CircuitState.HalfOpen)
            {
                Open(now, new BurstFigures(1, 1, 0, 0));
                return _cause;
            }

            // What began before it opened and fails now says nothing new.
            if (_state != CircuitState.Closed)
                return null;

            var first = Remember(now);
            if (_failuresSeen < settings.Failures || time.GetElapsedTime(first.At, now.At) > settings.Window)
                return null;
            var figures = new BurstFigures(
                settings.Failures, now.CanaryRequests - first.CanaryRequests + 1, now.StableFailures - first.StableFailures, now.StableRequests - first.StableRequests);
            // In a short burst stable may have had no request at all; then its latest ones have to do.
            if (!figures.IsTheCanarys(settings.Share) || (figures.StableFailures == 0 && stable.HasJustFailed(settings.Window)))
                return null;
            Open(now, figures);
            return figures;
        }
    }

    /// <summary>A probe ended well, or for a reason that is not the version's.</summary>
    /// <param name="answered">Whether the version answered it.</param>
    /// <returns>Whether the circuit closed with it.</returns>
    public bool ProbeEnded(bool answered)
    {
        lock (_gate)
        {
            _probing = 0;
            if (!answered || _state != CircuitState.HalfOpen || ++_successes < SuccessesToClose)
                return false;
            _state = CircuitState.Closed;
            _failuresSeen = 0;
            return true;
        }
    }

    private bool IsProbeDue()
    {
        if (_state == CircuitState.HalfOpen)
            return true;
        // While it is open, everything that is drawn for the canary comes here: no lock for that.
        if (time.GetElapsedTime(Volatile.Read(ref _openedAt)) < settings.Pause)
            return false;
        lock (_gate)
        {
            if (_state == CircuitState.Open && time.GetElapsedTime(_openedAt) >= settings.Pause)
            {
                _state = CircuitState.HalfOpen;
                _successes = 0;
            }

            return _state == CircuitState.HalfOpen;
        }
    }

    // One at a time; but one that streams for hours, or hangs, must not keep the canary's share for as long.
    private bool TryProbe()
    {
        var now = Math.Max(time.GetTimestamp(), 1);
        var since = Volatile.Read(ref _probing);
        return (since == 0 || time.GetElapsedTime(since, now) >= settings.Pause) && Interlocked.CompareExchange(ref _probing, now, since) == since;
    }

    /// <returns>The mark of the first failure of as many as the settings ask for, once there are so many.</returns>
    private Mark Remember(in Mark now)
    {
        _marks[_next] = now;
        _next = (_next + 1) % _marks.Length;
        _failuresSeen++;
        return _marks[_next];
    }

    private void Open(in Mark now, BurstFigures cause)
    {
        Volatile.Write(ref _openedAt, now.At);
        (_cause, _lastOpened) = (cause, time.GetUtcNow());
        _openings++;
        _failuresSeen = 0;
        _state = CircuitState.Open;
    }

    private readonly record struct Mark(long At, long CanaryRequests, long StableRequests, long StableFailures);
}
