using System.Collections.Immutable;
using MeshCanary.Contracts.V1;
using MeshCanary.Proxy.Endpoints;
using MeshCanary.Proxy.Routing;

namespace MeshCanary.Proxy.Reporting;

/// <summary>
/// Chooses the routes whose endpoints a report tells of: those where something changed since they were told last, and a
/// number of the others in turn, so that the report of many idle routes stays small.
/// </summary>
internal sealed class HealthReading
{
    /// <summary>Unchanged routes in one report.</summary>
    public const int InTurn = 256;

    private readonly Dictionary<EndpointSet, int> _told = [];
    private RouteTable _table = RouteTable.Empty;
    private int _turn;

    /// <summary>The routes that are to be told. One call at a time.</summary>
    public IEnumerable<RouteEntry> Take(RouteTable table)
    {
        if (table != _table)
            Forget(table);

        var entries = table.Entries;
        var last = _turn + Math.Min(InTurn, entries.Length);
        for (var i = 0; i < entries.Length; i++)
        {
            // A turn may go over the end, to the beginning.
            var isTurn = (i >= _turn && i < last) || i + entries.Length < last;
            if (Changed(entries[i]) | isTurn)
                yield return entries[i];
        }

        _turn = entries.IsEmpty ? 0 : last % entries.Length;
    }

    /// <summary>How the endpoints of a route stand.</summary>
    public static IEnumerable<EndpointHealth> Of(RouteEntry entry) =>
        entry.Arms.SelectMany(arm => arm.Endpoints.Status.Select(status =>
            new EndpointHealth { Revision = arm.Revision, Address = status.Address, Ready = status.IsReady, Reason = status.Obstacle }));

    private bool Changed(RouteEntry entry) => Changed(entry.Stable.Endpoints) | (entry.Canary is not null && Changed(entry.Canary.Endpoints));

    private bool Changed(EndpointSet endpoints)
    {
        // Before the endpoints are read: a change in between is told again.
        var stamp = endpoints.Group.Stamp;
        var known = _told.TryGetValue(endpoints, out var told) && told == stamp;
        if (!known)
            _told[endpoints] = stamp;
        return !known;
    }

    private void Forget(RouteTable table)
    {
        _table = table;
        foreach (var gone in _told.Keys.Except(table.Entries.SelectMany(entry => entry.Arms).Select(arm => arm.Endpoints)).ToImmutableArray())
            _told.Remove(gone);
    }
}
