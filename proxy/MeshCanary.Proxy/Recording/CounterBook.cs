using System.Collections.Immutable;

namespace MeshCanary.Proxy.Recording;

/// <summary>
/// All counters of the proxy. What a new configuration no longer names stays until its requests have ended and its
/// counts have been read many times without a change, so that nothing counted late is lost.
/// </summary>
internal sealed class CounterBook
{
    // A request that chose its arm just before the switch counts within microseconds; thirty reads are half a minute.
    private const int QuietReadsBeforeForgetting = 30;

    private readonly Lock _gate = new();
    private readonly Dictionary<(string Route, string Revision), Tracked<RevisionCounters>> _revisions = [];
    private readonly Dictionary<(string Route, ulong Version), Tracked<DrawCounters>> _draws = [];

    public ImmutableArray<RevisionCounters> Revisions
    {
        get
        {
            lock (_gate)
                return [.. _revisions.Values.Select(tracked => tracked.Counters)];
        }
    }

    public ImmutableArray<DrawCounters> Draws
    {
        get
        {
            lock (_gate)
                return [.. _draws.Values.Select(tracked => tracked.Counters)];
        }
    }

    public RevisionCounters Revision(string route, string revision)
    {
        lock (_gate)
        {
            if (!_revisions.TryGetValue((route, revision), out var tracked))
                _revisions.Add((route, revision), tracked = new(new RevisionCounters(route, revision)));
            return tracked.Counters;
        }
    }

    public DrawCounters Draw(string route, ulong version, string canaryRevision, uint canaryWeight)
    {
        lock (_gate)
        {
            if (!_draws.TryGetValue((route, version), out var tracked))
                _draws.Add((route, version), tracked = new(new DrawCounters(route, version, canaryRevision, canaryWeight)));
            return tracked.Counters;
        }
    }

    /// <summary>Says which counters the configuration in force can still raise.</summary>
    public void Retain(IReadOnlySet<RevisionCounters> revisions, IReadOnlySet<DrawCounters> draws)
    {
        lock (_gate)
        {
            foreach (var tracked in _revisions.Values)
                tracked.Retire(!revisions.Contains(tracked.Counters));
            foreach (var tracked in _draws.Values)
                tracked.Retire(!draws.Contains(tracked.Counters));
        }
    }

    /// <summary>Forgets what is retired, idle and read often enough.</summary>
    /// <returns>What was forgotten, so that readers can drop what they remember of it.</returns>
    public (ImmutableArray<RevisionCounters> Revisions, ImmutableArray<DrawCounters> Draws) Prune(
        IReadOnlySet<object> changedSinceLastRead)
    {
        lock (_gate)
        {
            var revisions = Forgettable(_revisions, changedSinceLastRead, static counters => counters.InFlight != 0);
            var draws = Forgettable(_draws, changedSinceLastRead, static _ => false);
            return ([.. revisions], [.. draws]);
        }
    }

    private static List<TCounters> Forgettable<TKey, TCounters>(
        Dictionary<TKey, Tracked<TCounters>> book, IReadOnlySet<object> changed, Func<TCounters, bool> busy)
        where TKey : notnull
        where TCounters : class
    {
        List<TCounters> forgotten = [];
        foreach (var (key, tracked) in book)
        {
            if (tracked.QuietReads(busy(tracked.Counters) || changed.Contains(tracked.Counters)) < QuietReadsBeforeForgetting)
                continue;
            book.Remove(key);
            forgotten.Add(tracked.Counters);
        }

        return forgotten;
    }

    private sealed class Tracked<TCounters>(TCounters counters)
    {
        private bool _retired;
        private int _quiet;

        public TCounters Counters { get; } = counters;

        public void Retire(bool retired)
        {
            if (_retired != retired)
                _quiet = 0;
            _retired = retired;
        }

        public int QuietReads(bool busy) => _quiet = !_retired || busy ? 0 : _quiet + 1;
    }
}
