namespace MeshCanary.Proxy.Endpoints;

/// <summary>
/// Whether an endpoint is ready, by its probes and its ejections. Changed under the lock of its group, read by everyone.
/// </summary>
internal sealed class EndpointState(EndpointGroup group)
{
    private readonly bool _probed = group.Settings.HealthCheck is not null;
    private string _probeObstacle = group.Settings.HealthCheck is null ? "" : "it has not passed its first health check yet";
    private string _ejection = "";
    private int _ejectionsInARow;
    private volatile bool _ready = group.Settings.HealthCheck is null;
    private long _readySince = group.Time.GetTimestamp();

    public bool IsReady => _ready;

    /// <summary>When it became ready, as a timestamp.</summary>
    public long ReadySince => Volatile.Read(ref _readySince);

    public bool IsEjected => _ejection.Length > 0;

    public string Obstacle => _ejection is { Length: > 0 } ejection ? ejection : _probeObstacle;

    /// <summary>A request was answered: the next ejection is the first again.</summary>
    public void Answered()
    {
        if (Volatile.Read(ref _ejectionsInARow) != 0 && !IsEjected)
            Volatile.Write(ref _ejectionsInARow, 0);
    }

    /// <summary>Takes it out.</summary>
    /// <returns>For how long.</returns>
    public TimeSpan Eject(EjectionCause cause, int failures)
    {
        var pause = group.Settings.Outliers.PauseOf(Interlocked.Increment(ref _ejectionsInARow));
        _ejection = cause == EjectionCause.Unreachable
            ? $"it could not be reached {failures} times in a row and gets no requests for {pause.TotalSeconds} s"
            : $"{failures} requests in a row failed there and it gets none for {pause.TotalSeconds} s";
        Settle();
        return pause;
    }

    /// <summary>Lets it be tried again.</summary>
    public void Return()
    {
        _ejection = "";
        Settle();
    }

    /// <summary>Notes what its probes say.</summary>
    /// <param name="obstacle">Why it is not healthy; empty when it is.</param>
    public void Probed(string obstacle)
    {
        _probeObstacle = obstacle;
        Settle();
    }

    private void Settle()
    {
        var ready = !IsEjected && (!_probed || _probeObstacle.Length == 0);
        if (ready == _ready)
            return;
        if (ready)
            Volatile.Write(ref _readySince, group.Time.GetTimestamp());
        _ready = ready;
        group.Changed();
    }
}
