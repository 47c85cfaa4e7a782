using System.Collections.Concurrent;

namespace MeshCanary.Controller.Metrics.Prometheus;

/// <summary>Counters that a Prometheus has scraped, of sidecars, gateways, proxies or the services themselves. Thread-safe.</summary>
/// <param name="tools">What it works with; the client is disposed with it.</param>
/// <param name="changed">Told the Canary that there is more to see of.</param>
internal sealed class PrometheusMetricSource(SourceTools tools, Action<string> changed) : IMetricSource, IDisposable
{
    private readonly CancellationTokenSource _stop = new();
    private readonly ConcurrentDictionary<string, WindowCollector> _collectors = new(StringComparer.Ordinal);

    /// <inheritdoc/>
    public string Name => Rollouts.Specs.SourceSpec.PrometheusType;

    /// <inheritdoc/>
    public MetricReading Query(string key, CollectionPlan plan) =>
        _collectors.GetOrAdd(key, _ => new WindowCollector(key, tools, changed, _stop.Token)).Query(plan);

    /// <inheritdoc/>
    public void Settle(string key, DateTimeOffset through) => Settled(key, through);

    /// <summary>The same; returns whether this is who collects for the Canary.</summary>
    public bool Settled(string key, DateTimeOffset through)
    {
        if (!_collectors.TryGetValue(key, out var collector))
            return false;
        collector.Settle(through);
        return true;
    }

    /// <summary>A Canary is gone, or counted elsewhere.</summary>
    public void Forget(string key) => _collectors.TryRemove(key, out _);

    /// <inheritdoc/>
    public void Dispose()
    {
        _stop.Cancel();
        _stop.Dispose();
        tools.Client.Dispose();
    }
}
