namespace MeshCanary.Controller.Metrics;

/// <summary>Where the counts of both arms come from. Found by <see cref="Name"/>.</summary>
internal interface IMetricSource
{
    /// <summary>Its name.</summary>
    string Name { get; }

    /// <summary>
    /// Finished windows of a Canary. Asking changes nothing: they are there again until they are settled. A plan with
    /// another id than before ends the collection that was under way and begins the new one.
    /// </summary>
    MetricReading Query(string key, CollectionPlan plan);

    /// <summary>The windows up to an instant are stored: they are not needed again.</summary>
    void Settle(string key, DateTimeOffset through);
}
