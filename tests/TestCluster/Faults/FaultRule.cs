namespace MeshCanary.TestCluster.Faults;

/// <summary>A fault that lasts until it is disposed of, or until it has happened as often as it should. Safe to use from several threads.</summary>
public sealed class FaultRule : IDisposable
{
    private readonly Func<ApiCall, bool> _match;
    private readonly Action<FaultRule> _remove;
    private readonly CancellationTokenSource _end = new();
    private int _left;
    private int _hits;

    internal FaultRule(Func<ApiCall, bool> match, Fault fault, int times, Action<FaultRule> remove)
    {
        (_match, Fault, _left, _remove) = (match, fault, times, remove);
        End = _end.Token;
    }

    /// <summary>What goes wrong.</summary>
    public Fault Fault { get; }

    /// <summary>How often it has happened: calls, or events of watches.</summary>
    public int Hits => Volatile.Read(ref _hits);

    /// <summary>Cancelled when it is over.</summary>
    internal CancellationToken End { get; }

    /// <summary>Ends the fault.</summary>
    public void Dispose()
    {
        _remove(this);
        _end.Cancel();
    }

    internal bool Matches(ApiCall call) => !End.IsCancellationRequested && _match(call);

    /// <summary>Takes one of the times it should happen; false when there are none left.</summary>
    internal bool Take()
    {
        if (Interlocked.Decrement(ref _left) < 0)
            return false;
        Interlocked.Increment(ref _hits);
        return true;
    }
}
