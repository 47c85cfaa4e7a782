using System.Collections.Immutable;

namespace MeshCanary.Controller.Metrics;

/// <summary>The counts of each Canary from where they are: our proxies where these split, and nowhere where a mesh does.</summary>
/// <param name="proxies">The counts of our proxies.</param>
/// <param name="isMeshed">Whether a mesh splits a Canary's traffic.</param>
internal sealed class ChosenMetricSource(IMetricSource proxies, Func<string, bool> isMeshed) : IMetricSource
{
    private static readonly MetricReading None = new()
    {
        Windows = [],
        Received = ImmutableDictionary<string, long>.Empty,
        Problem = "there is no metric source: no proxy of MeshCanary sees this traffic",
    };

    /// <inheritdoc/>
    public string Name => "chosen";

    /// <inheritdoc/>
    public MetricReading Query(string key, CollectionPlan plan) => isMeshed(key) ? None : proxies.Query(key, plan);

    /// <inheritdoc/>
    public void Settle(string key, DateTimeOffset through)
    {
        if (!isMeshed(key))
            proxies.Settle(key, through);
    }
}
