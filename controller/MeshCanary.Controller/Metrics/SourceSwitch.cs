using System.Collections.Immutable;
using MeshCanary.Controller.Metrics.Prometheus;
using MeshCanary.Rollouts.Specs;

namespace MeshCanary.Controller.Metrics;

/// <summary>
/// Asks the source that each Canary's own spec names. What proxies of ours say beside their counts (circuits, budgets) is theirs to say,
/// whoever counts.
/// </summary>
internal sealed class SourceSwitch(IMetricSource proxies, PrometheusMetricSource prometheus) : IMetricSource
{
    // No manifest like this is accepted; one that was stored before may be.
    private static readonly MetricReading None = new()
    {
        Windows = [],
        Received = ImmutableDictionary<string, long>.Empty,
        Problem = "there is no metric source: no proxy of MeshCanary sees this traffic; write analysis.source",
    };

    /// <inheritdoc/>
    public string Name => "any";

    /// <inheritdoc/>
    public MetricReading Query(string key, CollectionPlan plan)
    {
        if (plan.Canary is not { Source.Type: SourceSpec.PrometheusType } canary)
        {
            prometheus.Forget(key);
            return plan.Canary is { IsProxied: false } ? None : proxies.Query(key, plan);
        }

        var reading = prometheus.Query(key, plan);
        if (!canary.IsProxied)
            return reading;
        // Not held: the proxies' counts are nobody's evidence here, and must not wait to be stored.
        var told = proxies.Query(key, plan with { Held = false });
        return reading with { Standings = told.Standings, Received = told.Received };
    }

    /// <inheritdoc/>
    public void Settle(string key, DateTimeOffset through)
    {
        if (!prometheus.Settled(key, through))
            proxies.Settle(key, through);
    }
}
