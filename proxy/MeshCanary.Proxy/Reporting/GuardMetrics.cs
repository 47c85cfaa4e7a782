using MeshCanary.Proxy.Guarding;
using MeshCanary.Proxy.Recording;
using MeshCanary.Proxy.Routing;
using Prometheus;

namespace MeshCanary.Proxy.Reporting;

/// <summary>Circuits, exposure budgets and copies as metrics. One call at a time.</summary>
internal sealed class GuardMetrics
{
    private readonly RouteTableHolder _tables;
    private readonly MirrorBook _mirrors;
    private readonly Dictionary<MirrorCounters, MirrorReading> _readings = [];
    private readonly Gauge _circuit;
    private readonly Gauge _openings;
    private readonly Gauge _spent;
    private readonly Counter _mirrored;

    public GuardMetrics(CollectorRegistry registry, RouteTableHolder tables, MirrorBook mirrors)
    {
        (_tables, _mirrors) = (tables, mirrors);
        var metrics = Prometheus.Metrics.WithCustomRegistry(registry);
        _circuit = metrics.CreateGauge("meshcanary_proxy_circuit_open", "1 while the canary's circuit is open, 0.5 while single requests try the canary.", "route");
        _openings = metrics.CreateGauge("meshcanary_proxy_circuit_openings", "How often the canary's circuit has opened in this run.", "route");
        _spent = metrics.CreateGauge("meshcanary_proxy_exposure_spent", "What this proxy spent of the exposure budget of the run.", "route", "unit");
        _mirrored = metrics.CreateCounter("meshcanary_proxy_mirrored_total", "Requests that were to be copied to the canary, by how the copy ended.", "route", "class");
    }

    /// <summary>Brings the metrics up to what is known now.</summary>
    public void Update()
    {
        var guards = _tables.Current.Entries.Select(entry => entry.Guard).OfType<CanaryGuard>().Distinct().ToDictionary(guard => guard.Key.Route);
        foreach (var (route, guard) in guards)
            Show(route, guard);
        Drop(_circuit, guards, guard => guard.Circuit is not null);
        Drop(_openings, guards, guard => guard.Circuit is not null);
        Drop(_spent, guards, guard => guard.Budget is not null);

        foreach (var counters in _mirrors.All)
            Count(counters);
        foreach (var gone in _readings.Keys.Except(_mirrors.All).ToList())
            _readings.Remove(gone);
    }

    private void Show(string route, CanaryGuard guard)
    {
        if (guard.Circuit?.Reading is { } reading)
        {
            _circuit.WithLabels(route).Set(reading.State switch { CircuitState.Closed => 0, CircuitState.Open => 1, _ => 0.5 });
            _openings.WithLabels(route).Set(reading.Openings);
        }

        if (guard.Budget is { } budget)
        {
            _spent.WithLabels(route, "requests").Set(budget.Requests);
            _spent.WithLabels(route, "failures").Set(budget.Failures);
        }
    }

    private void Count(MirrorCounters counters)
    {
        if (!_readings.TryGetValue(counters, out var reading))
            _readings.Add(counters, reading = new MirrorReading(counters));
        if (reading.Take() is not { } counts)
            return;

        if (counts.Outcomes is { } outcomes)
        {
            Add("success", outcomes.Latency.Aggregate(0UL, (sum, bucket) => sum + bucket.Count));
            Add("server_error", outcomes.ServerErrors);
            Add("grpc_error", outcomes.GrpcErrors);
            Add("connection_failure", outcomes.ConnectionFailures);
            Add("timeout", outcomes.Timeouts);
            Add("given_up", outcomes.GivenUp.Aggregate(0UL, (sum, bucket) => sum + bucket.Count));
        }

        Add("dropped", counts.Dropped);

        void Add(string outcome, ulong count)
        {
            if (count > 0)
                _mirrored.WithLabels(counters.Route, outcome).Inc(count);
        }
    }

    private static void Drop(Gauge gauge, Dictionary<string, CanaryGuard> guards, Func<CanaryGuard, bool> applies)
    {
        foreach (var labels in gauge.GetAllLabelValues().Where(labels => !guards.TryGetValue(labels[0], out var guard) || !applies(guard)).ToList())
            gauge.RemoveLabelled(labels);
    }
}
