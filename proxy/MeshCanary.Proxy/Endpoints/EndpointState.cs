namespace MeshCanary.Proxy.Endpoints;

/// <summary>
/// Whether an endpoint is ready, by its probes and its ejections. Changed within a change of its group, read by everyone.
/// </summary>
/// <param name="group">The arm's endpoints.</param>
/// <param name="obstacle">Why it is not ready from the first; empty when it is.</param>
internal sealed class EndpointState(EndpointGroup group, string obstacle)
{
    private volatile string _unhealthy = obstacle;
    private volatile string _ejected = "";
    private volatile bool _ready = obstacle.Length == 0;
    private int _ejectionsInARow;
    private long _readySince = group.Tools.Time.GetTimestamp();

    public bool IsReady => _ready;

    /// <summary>When it became ready, as a timestamp.</summary>
    public long ReadySince => Volatile.Read(ref _readySince);

    public bool IsEjected => _ejected.Length > 0;

    public bool PassesProbes => _unhealthy.Length == 0;

    /// <summary>Why it is not ready; empty when it is.</summary>
    public string Obstacle => _ejected is { Length: > 0 } ejected ? ejected : _unhealthy;

    /// <summary>A request was answered: the next ejection is the first again. Any thread.</summary>
    // An answer to a request that had begun before the ejection says nothing of what came after.
    public void Answered()
    {
        if (Volatile.Read(ref _ejectionsInARow) != 0 && !IsEjected)
            Volatile.Write(ref _ejectionsInARow, 0);
    }

    /// <summary>Takes it out.</summary>
    /// <returns>For how long.</returns>
    public TimeSpan Eject(EjectionCause cause, int failures)
    {
        var pause = group.Settings.Outliers.PauseOf(++_ejectionsInARow);
        _ejected = cause == EjectionCause.Unreachable
            ? $"it could not be reached {failures} times in a row and gets no requests for {pause.TotalSeconds} s"
            : $"{failures} requests in a row failed there and it gets none for {pause.TotalSeconds} s";
        Settle();
        return pause;
    }

    /// <summary>Lets it be tried again.</summary>
    public void Return()
    {
        _ejected = "";
        Settle();
    }

    /// <summary>Notes what its probes say.</summary>
    /// <param name="unhealthy">Why it is not healthy; empty when it is.</param>
    public void Probed(string unhealthy)
    {
        _unhealthy = unhealthy;
        Settle();
    }

    private void Settle()
    {
        var ready = !IsEjected && PassesProbes;
        if (ready == _ready)
            return;
        if (ready)
            Volatile.Write(ref _readySince, group.Tools.Time.GetTimestamp());
        _ready = ready;
        group.Changed();
    }
}
