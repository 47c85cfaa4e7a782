using MeshCanary.Contracts.V1;
using MeshCanary.Proxy.Recording;
using MeshCanary.Proxy.Routing;

namespace MeshCanary.Proxy.Configuring;

/// <summary>
/// Puts snapshots into force, whole or not at all. Clusters come before the routes that need them and go after, so no
/// request ever meets a route without its cluster; when only weights or rules differ, the forwarder is not touched.
/// </summary>
internal sealed class SnapshotApplier(
    ProxyPlanner planner, ProxyPlanSource plans, FirstProbe probe, RouteTableBuilder builder, RouteTableHolder tables, CounterBook counters)
{
    private ProxyPlan _plan = ProxyPlan.Empty;
    private Snapshot? _active;

    /// <summary>Puts a snapshot into force. One call at a time.</summary>
    public async Task<ApplyOutcome> ApplyAsync(Snapshot snapshot, CancellationToken cancellationToken)
    {
        if (_active is not null && _active.Equals(snapshot))
            return new ApplyOutcome(snapshot.Version, [], Changed: false);

        var faults = Faults(snapshot);
        if (faults.Count > 0)
            return new ApplyOutcome(snapshot.Version, [.. faults], Changed: false);

        try
        {
            await SwapAsync(snapshot, cancellationToken);
            return new ApplyOutcome(snapshot.Version, [], Changed: true);
        }
        catch (ProxyPlanRefusedException refused)
        {
            return new ApplyOutcome(snapshot.Version, [refused.Message], Changed: false);
        }
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

        return faults;
    }

    private async Task SwapAsync(Snapshot snapshot, CancellationToken cancellationToken)
    {
        var before = tables.Current;
        var next = planner.Plan(snapshot);
        if (!next.SameAs(_plan))
            await plans.CheckAsync(next);

        var changed = next.Clusters.Except(_plan.Clusters).ToList();
        await StepAsync(_plan.OnTheWayTo(next), cancellationToken);
        probe.Start(changed);
        Swap(builder.Build(snapshot));
        try
        {
            await StepAsync(next, cancellationToken);
            _active = snapshot;
            tables.Complete(snapshot.Version);
        }
        catch
        {
            Swap(before);
            throw;
        }
    }

    private async Task StepAsync(ProxyPlan plan, CancellationToken cancellationToken)
    {
        if (plan.SameAs(_plan))
            return;
        await plans.ApplyAsync(plan, cancellationToken);
        _plan = plan;
    }

    private void Swap(RouteTable table)
    {
        tables.Swap(table);
        counters.Retain(table.Entries.SelectMany(entry => entry.Counters).ToHashSet());
    }
}
