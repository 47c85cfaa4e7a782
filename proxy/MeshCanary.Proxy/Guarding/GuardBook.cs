using System.Collections.Immutable;
using MeshCanary.Contracts.V1;
using MeshCanary.Proxy.Recording;
using Microsoft.Extensions.Logging;

namespace MeshCanary.Proxy.Guarding;

/// <summary>The guards of all routes, kept over snapshots so that a change of weight forgets no failure and no spending.</summary>
/// <remarks>Prepare and Retain are called one at a time; allowances may come at any moment.</remarks>
internal sealed class GuardBook(CounterBook counters, TimeProvider time, ILogger<CanaryGuard> logger)
{
    private readonly Lock _gate = new();
    private readonly Dictionary<string, ExposureBudget> _allowances = new(StringComparer.Ordinal);
    private ImmutableDictionary<GuardKey, CanaryGuard> _guards = ImmutableDictionary<GuardKey, CanaryGuard>.Empty;

    /// <summary>The guard of a valid route: the one that is there, or a new one; null when the route asks for none.</summary>
    public CanaryGuard? Prepare(Route route)
    {
        if (route.Canary is null || (route.Circuit is null && route.Budget is null))
            return null;

        lock (_gate)
        {
            var key = new GuardKey(
                route.Name, route.Stable.Revision, route.Canary.Revision,
                route.Circuit is null ? null : CircuitSettings.Of(route.Circuit), route.Budget?.Run);
            // Known at once: routes of one name, one for each port, share it.
            if (!_guards.TryGetValue(key, out var guard))
                _guards = _guards.SetItem(key, guard = Make(key));
            Allow(guard, route.Budget);
            Allow(guard, _allowances.GetValueOrDefault(route.Name));
            return guard;
        }
    }

    /// <summary>Says which guards are in force; what else is known of budgets is forgotten with their runs.</summary>
    public void Retain(IEnumerable<CanaryGuard> inForce)
    {
        lock (_gate)
        {
            _guards = inForce.Distinct().ToImmutableDictionary(guard => guard.Key);
            var runs = _guards.Keys.Select(key => (key.Route, key.Run)).ToHashSet();
            foreach (var (route, budget) in _allowances.ToArray())
            {
                if (!runs.Contains((route, budget.Run)))
                    _allowances.Remove(route);
            }
        }
    }

    /// <summary>Takes a larger part of a budget, also for a run whose snapshot is still on its way into force.</summary>
    public void Allow(Allowance allowance)
    {
        if (allowance.Budget is not { } budget)
            return;
        lock (_gate)
        {
            _allowances[allowance.Route] = budget;
            foreach (var (key, guard) in _guards)
            {
                if (key.Route == allowance.Route)
                    Allow(guard, budget);
            }
        }
    }

    private static void Allow(CanaryGuard guard, ExposureBudget? budget)
    {
        if (guard.Budget is not { } meter || budget is null || budget.Run != meter.Run)
            return;
        meter.Allow(budget.HasRequests ? budget.Requests : null, budget.HasFailures ? budget.Failures : null);
    }

    private CanaryGuard Make(GuardKey key)
    {
        var stable = new ArmPulse(counters.Revision(key.Route, key.StableRevision), time);
        var canary = new ArmPulse(counters.Revision(key.Route, key.CanaryRevision), time);
        var circuit = key.Circuit is null ? null : new CanaryCircuit(key.Circuit, canary, stable, time);
        return new CanaryGuard(key, circuit, key.Run is null ? null : new ExposureMeter(key.Run), canary, stable, logger);
    }
}
