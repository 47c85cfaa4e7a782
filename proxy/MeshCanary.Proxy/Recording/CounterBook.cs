using System.Collections.Immutable;

namespace MeshCanary.Proxy.Recording;

/// <summary>
/// All counters of the proxy. What a new configuration no longer names stays until its requests have ended and its
/// counts have been read many times without a change, so that nothing counted late is lost.
/// </summary>
/// <param name="mostUsers">Users of one route that are remembered for one run.</param>
internal sealed class CounterBook(int mostUsers = FirstVisits.MostUsers)
{
    // A request that chose its arm just before the switch counts within microseconds; thirty reads are half a minute.
    private const int QuietReadsBeforeForgetting = 30;

    private readonly Lock _gate = new();
    private readonly Dictionary<(string Route, string Revision), Tracked<RevisionCounters>> _revisions = [];
    private readonly Dictionary<(string Route, ulong Version), Tracked<DrawCounters>> _draws = [];
    private readonly Dictionary<FirstVisits, Tracked<FirstVisits>> _visits = [];

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

    public ImmutableArray<FirstVisits> Visits
    {
        get
        {
            lock (_gate)
                return [.. _visits.Keys];
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

    /// <summary>
    /// First visits of the users of a run: those that are under way, or new ones. What is retired is not taken up again,
    /// since a canary that comes back after it was gone is another run.
    /// </summary>
    public FirstVisits Visit(string route, string stableRevision, string canaryRevision, string key)
    {
        lock (_gate)
        {
            foreach (var (known, tracked) in _visits)
            {
                if (!tracked.Retired && (known.Route, known.StableRevision, known.CanaryRevision, known.Key) == (route, stableRevision, canaryRevision, key))
                    return known;
            }

            var visits = new FirstVisits(route, stableRevision, canaryRevision, key, mostUsers);
            _visits.Add(visits, new(visits));
            return visits;
        }
    }

    /// <summary>Says which counters the configuration in force can still raise.</summary>
    public void Retain(IReadOnlySet<object> inForce)
    {
        lock (_gate)
        {
            foreach (var tracked in _revisions.Values)
                tracked.Retire(!inForce.Contains(tracked.Counters));
            foreach (var tracked in _draws.Values)
                tracked.Retire(!inForce.Contains(tracked.Counters));
            foreach (var tracked in _visits.Values)
                tracked.Retire(!inForce.Contains(tracked.Counters));
        }
    }

    /// <summary>Forgets what is retired, idle and read often enough, and endpoints that are not kept for as long.</summary>
    /// <param name="kept">What changed since the last reading, and endpoints of the configuration in force.</param>
    /// <returns>What was forgotten, so that readers can drop what they remember of it.</returns>
    public (ImmutableArray<RevisionCounters> Revisions, ImmutableArray<DrawCounters> Draws, ImmutableArray<FirstVisits> Visits) Prune(
        IReadOnlySet<object> kept)
    {
        lock (_gate)
        {
            var revisions = Forgettable(_revisions, kept, static counters => counters.InFlight != 0);
            foreach (var tracked in _revisions.Values)
                tracked.Counters.Endpoints.Age(kept, QuietReadsBeforeForgetting);
            var draws = Forgettable(_draws, kept, static _ => false);
            // A first visit that ends so late after its run is of no use to anyone.
            var visits = Forgettable(_visits, kept, static _ => false);
            return ([.. revisions], [.. draws], [.. visits]);
        }
    }

    private static List<TCounters> Forgettable<TKey, TCounters>(
        Dictionary<TKey, Tracked<TCounters>> book, IReadOnlySet<object> kept, Func<TCounters, bool> busy)
        where TKey : notnull
        where TCounters : class
    {
        List<TCounters> forgotten = [];
        foreach (var (key, tracked) in book)
        {
            if (tracked.QuietReads(busy(tracked.Counters) || kept.Contains(tracked.Counters)) < QuietReadsBeforeForgetting)
                continue;
            book.Remove(key);
            forgotten.Add(tracked.Counters);
        }

        return forgotten;
    }

    private sealed class Tracked<TCounters>(TCounters counters)
    {
        private int _quiet;

        public TCounters Counters { get; } = counters;

        public bool Retired { get; private set; }

        public void Retire(bool retired)
        {
            if (Retired != retired)
                _quiet = 0;
            Retired = retired;
        }

        public int QuietReads(bool busy) => _quiet = !Retired || busy ? 0 : _quiet + 1;
    }
}
