namespace MeshCanary.Proxy.Guarding;

/// <summary>
/// What this proxy may still give the canary in one run. Requests are spent before they are sent, so there are never
/// more than allowed; failures are known only at the end, and requests that are on their way by then end as they end.
/// </summary>
/// <remarks>Safe for concurrent use. Its counters are shared between the cores: a limit cannot be kept apart in parts.</remarks>
internal sealed class ExposureMeter(string run)
{
    private long _requests;
    private long _failures;
    private long _allowedRequests;
    private long _allowedFailures;

    /// <summary>The run that the figures are of.</summary>
    public string Run { get; } = run;

    /// <summary>Requests given to the canary.</summary>
    public long Requests => Volatile.Read(ref _requests);

    /// <summary>Those of them that failed by the version's fault.</summary>
    public long Failures => Volatile.Read(ref _failures);

    /// <summary>Requests that may be given in all; null for no limit.</summary>
    public long? AllowedRequests => Limit(Volatile.Read(ref _allowedRequests));

    /// <summary>Failures that may come in all; null for no limit.</summary>
    public long? AllowedFailures => Limit(Volatile.Read(ref _allowedFailures));

    /// <summary>Raises the limits; a lower one than what is in force is an old message and changes nothing.</summary>
    public void Allow(ulong? requests, ulong? failures)
    {
        Raise(ref _allowedRequests, requests);
        Raise(ref _allowedFailures, failures);
    }

    /// <summary>Spends one request, if there is one left.</summary>
    public bool TrySpend()
    {
        if (Failures >= Volatile.Read(ref _allowedFailures))
            return false;
        var allowed = Volatile.Read(ref _allowedRequests);
        var spent = Volatile.Read(ref _requests);
        while (spent < allowed)
        {
            var seen = Interlocked.CompareExchange(ref _requests, spent + 1, spent);
            if (seen == spent)
                return true;
            spent = seen;
        }

        return false;
    }

    /// <summary>Takes back a request that was spent and did not reach the canary.</summary>
    public void GiveBack() => Interlocked.Decrement(ref _requests);

    public void Fail() => Interlocked.Increment(ref _failures);

    private static void Raise(ref long limit, ulong? to)
    {
        var wanted = to is { } value ? (long)Math.Min(value, long.MaxValue - 1) : long.MaxValue;
        var present = Volatile.Read(ref limit);
        while (wanted > present)
        {
            var seen = Interlocked.CompareExchange(ref limit, wanted, present);
            if (seen == present)
                return;
            present = seen;
        }
    }

    private static long? Limit(long value) => value == long.MaxValue ? null : value;
}
