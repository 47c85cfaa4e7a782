using System.Collections.Immutable;

namespace MeshCanary.Controller.Distribution;

/// <summary>
/// Proxies that may serve without a stream to us: those whose stream broke, and after a start those that are not back
/// yet. For a while nobody says "every proxy" without them; after it they are shown, and waited for no longer.
/// </summary>
internal sealed class Absences : IDisposable
{
    // Longer than a proxy waits at most before it tries again (5 s).
    private static readonly TimeSpan StartGrace = TimeSpan.FromSeconds(6);
    private static readonly TimeSpan LossGrace = TimeSpan.FromSeconds(20);
    private static readonly TimeSpan Memory = TimeSpan.FromHours(1);

    private readonly Lock _gate = new();
    private readonly TimeProvider _time;
    private readonly ITimer _timer;
    private ImmutableDictionary<string, Absence> _lost = ImmutableDictionary<string, Absence>.Empty;
    private DateTimeOffset _startedFully;

    /// <summary>Nobody is missing yet; <paramref name="elapsed"/> is called whenever a grace has ended.</summary>
    public Absences(TimeProvider time, Action elapsed)
    {
        _time = time;
        _timer = time.CreateTimer(
            _ =>
            {
                Tidy();
                elapsed();
            },
            null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }

    /// <summary>Everybody that is remembered.</summary>
    public IReadOnlyCollection<Absence> All => [.. _lost.Values];

    /// <summary>Those that have to be waited for.</summary>
    public IReadOnlyCollection<Absence> Awaited
    {
        get
        {
            var now = _time.GetUtcNow();
            return [.. _lost.Values.Where(absence => now < absence.Since + LossGrace).OrderBy(absence => absence.Proxy, StringComparer.Ordinal)];
        }
    }

    /// <summary>Whether proxies of before this start may not have come back yet.</summary>
    public bool IsStarting
    {
        get
        {
            lock (_gate)
                return _time.GetUtcNow() < _startedFully;
        }
    }

    /// <summary>The port is open, and there were proxies before.</summary>
    public void AwaitReturn()
    {
        lock (_gate)
            _startedFully = _time.GetUtcNow() + StartGrace;
        Tidy();
    }

    /// <summary>A stream broke.</summary>
    public void Add(ProxySession session)
    {
        lock (_gate)
            _lost = _lost.SetItem(session.Instance, new Absence(session.Proxy, session.Instance, session.Acknowledged, session.LastHeard, _time.GetUtcNow()));
        Tidy();
    }

    /// <summary>A proxy is there: what is remembered of it, or of the one whose place it takes, is over.</summary>
    public void Forget(ProxySession session)
    {
        lock (_gate)
            _lost = _lost.RemoveRange(_lost.Values.Where(absence => absence.Instance == session.Instance || absence.Proxy == session.Proxy).Select(absence => absence.Instance));
    }

    /// <inheritdoc/>
    public void Dispose() => _timer.Dispose();

    private void Tidy()
    {
        lock (_gate)
        {
            var now = _time.GetUtcNow();
            _lost = _lost.RemoveRange(_lost.Values.Where(absence => now >= absence.Since + Memory).Select(absence => absence.Instance));
            var next = _lost.Values.SelectMany(absence => new[] { absence.Since + LossGrace, absence.Since + Memory })
                .Append(_startedFully)
                .Where(end => end > now)
                .Order()
                .Cast<DateTimeOffset?>()
                .FirstOrDefault();
            _timer.Change(next - now ?? Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        }
    }
}
