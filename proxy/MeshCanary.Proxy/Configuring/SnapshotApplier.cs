using MeshCanary.Contracts.V1;
using MeshCanary.Proxy.Endpoints;
using MeshCanary.Proxy.Guarding;
using MeshCanary.Proxy.Recording;
using MeshCanary.Proxy.Routing;

namespace MeshCanary.Proxy.Configuring;

/// <summary>
/// Puts snapshots into force, whole or not at all: a table is built beside the one in force and takes its place at once.
/// One call at a time.
/// </summary>
internal sealed class SnapshotApplier(
    RouteTableBuilder builder, RouteTableHolder tables, EndpointBoard endpoints, CanaryEndings endings, GuardBook guards,
    MirrorBook mirrors, CounterBook counters)
{
    private Snapshot? _active;

    /// <summary>Puts a snapshot into force. The snapshot must not change afterwards.</summary>
    public ApplyOutcome Apply(Snapshot snapshot)
    {
        if (_active is not null && _active.Equals(snapshot))
            return new ApplyOutcome(snapshot.Version, [], Changed: false);

        var faults = Faults(snapshot);
        if (faults.Count > 0)
            return new ApplyOutcome(snapshot.Version, [.. faults], Changed: false);

        var table = builder.Build(snapshot, tables.Current);
        tables.Swap(table);
        _active = snapshot;
        endpoints.Retain([.. table.Entries.SelectMany(entry => entry.Arms).Select(arm => arm.Endpoints)]);
        endings.Swapped(table);
        guards.Retain(table.Entries.Select(entry => entry.Guard).OfType<CanaryGuard>());
        mirrors.Retain(table.Entries.Select(entry => entry.Mirror?.Counters).OfType<MirrorCounters>());
        counters.Retain(table.Entries.SelectMany(entry => entry.Counters).ToHashSet());
        return new ApplyOutcome(snapshot.Version, [], Changed: true);
    }

    private List<string> Faults(Snapshot snapshot)
    {
        var faults = SnapshotValidator.Faults(snapshot);
        if (_active is not null && snapshot.Version <= _active.Version)
        {
            faults.Add(snapshot.Version == _active.Version
                ? $"version: {snapshot.Version} is in force with another content; a change needs a higher version."
                : $"version: {snapshot.Version} is below {_active.Version}, which is in force; versions only rise.");
        }

        faults.AddRange(NewTls(snapshot).Select(tls => endpoints.FaultOf(tls)).OfType<string>().Select(fault => $"tls: {fault}"));
        return faults;
    }

    // At a start there is nothing to go on with: an arm that cannot be reached is better than no route at all.
    private IEnumerable<UpstreamTls> NewTls(Snapshot snapshot) =>
        _active is null ? [] : Tls(snapshot).Except(Tls(_active));

    private static IEnumerable<UpstreamTls> Tls(Snapshot snapshot) =>
        snapshot.Routes.SelectMany(route => new[] { route.Stable?.Tls, route.Canary?.Tls }).OfType<UpstreamTls>();
}
