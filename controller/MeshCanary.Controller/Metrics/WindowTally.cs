using System.Collections.Immutable;
using Wire = MeshCanary.Contracts.V1;

namespace MeshCanary.Controller.Metrics;

/// <summary>Adds up the counts of one window. Not thread-safe.</summary>
internal sealed class WindowTally
{
    private readonly Dictionary<string, RevisionTally> _revisions = new(StringComparer.Ordinal);
    private readonly Dictionary<(string Revision, int Weight), WindowDraws> _draws = [];
    private readonly Dictionary<(string Stable, string Canary), UserTally> _users = [];
    private readonly Dictionary<string, MirrorFigures> _mirrors = new(StringComparer.Ordinal);
    private readonly SortedSet<long> _versions = [];
    private readonly Dictionary<string, long> _sequences = new(StringComparer.Ordinal);
    private readonly List<ReportTicket> _tickets = [];

    /// <summary>Adds a report's counts.</summary>
    public void Add(ReportTicket ticket, Wire.RouteCounts counts, bool hold)
    {
        foreach (var served in counts.Revisions)
        {
            if (!_revisions.TryGetValue(served.Revision, out var tally))
                _revisions[served.Revision] = tally = new RevisionTally();
            tally.Add(served);
        }

        foreach (var users in counts.Users)
        {
            var arms = (users.StableRevision, users.CanaryRevision);
            if (!_users.TryGetValue(arms, out var tally))
                _users[arms] = tally = new UserTally();
            tally.Add(users);
        }

        foreach (var mirror in counts.Mirrors)
        {
            var outcomes = Outcomes.Of(mirror.Outcomes ?? new Wire.OutcomeCounts());
            var copies = outcomes.Latency.Concat(outcomes.GivenUp).Aggregate(outcomes.Errors, (sum, bucket) => sum + bucket.Count);
            _mirrors[mirror.CanaryRevision] = MirrorFigures.Add(
                _mirrors.GetValueOrDefault(mirror.CanaryRevision), new MirrorFigures((long)copies, (long)outcomes.Errors, (long)mirror.Dropped))!;
        }

        foreach (var drawn in counts.Draws)
        {
            _versions.Add((long)drawn.SnapshotVersion);
            var key = (drawn.CanaryRevision, (int)drawn.CanaryWeight);
            var before = _draws.GetValueOrDefault(key);
            _draws[key] = new WindowDraws(
                before.Stable + (long)drawn.Stable,
                before.Canary + (long)drawn.Canary,
                before.RepeatStable + (long)drawn.RepeatStable,
                before.RepeatCanary + (long)drawn.RepeatCanary);
        }

        _sequences[ticket.Instance] = ticket.Sequence;
        if (!hold)
            return;
        ticket.Hold();
        _tickets.Add(ticket);
    }

    /// <summary>The sums.</summary>
    public ClosedWindow Close(DateTimeOffset start, DateTimeOffset end) => new()
    {
        Start = start,
        End = end,
        Revisions = _revisions.ToImmutableDictionary(pair => pair.Key, pair => pair.Value.Close()),
        Users = _users.ToImmutableDictionary(pair => pair.Key, pair => pair.Value.Close()),
        Draws = _draws.ToImmutableDictionary(),
        Mirrors = _mirrors.ToImmutableDictionary(),
        ConfigVersions = [.. _versions],
        Sequences = _sequences.ToImmutableDictionary(),
    };

    /// <summary>Lets go of the reports.</summary>
    public void Release()
    {
        foreach (var ticket in _tickets)
            ticket.Release();
        _tickets.Clear();
    }
}
