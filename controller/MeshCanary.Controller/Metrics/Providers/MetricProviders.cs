using System.Collections.Frozen;
using MeshCanary.Controller.Metrics.Prometheus;
using MeshCanary.Controller.Metrics.Prometheus.Asking;
using MeshCanary.Controller.Metrics.Providers.CloudWatch;
using MeshCanary.Controller.Metrics.Providers.Datadog;
using MeshCanary.Controller.Metrics.Providers.Dynatrace;
using MeshCanary.Controller.Metrics.Providers.Graphite;
using MeshCanary.Controller.Metrics.Providers.Http;
using MeshCanary.Controller.Metrics.Providers.InfluxDb;
using MeshCanary.Controller.Metrics.Providers.Jobs;
using MeshCanary.Controller.Metrics.Providers.NewRelic;
using MeshCanary.Controller.Metrics.Providers.Web;
using MeshCanary.Machinery;

namespace MeshCanary.Controller.Metrics.Providers;

/// <summary>The metric providers that there are, by type, each with its promises kept (<see cref="GuardedProvider"/>). A new one is added here.</summary>
internal static class MetricProviders
{
    /// <summary>Those that need no cluster: they are asked over HTTP.</summary>
    /// <param name="http">What they send with; outlives them.</param>
    /// <param name="prometheus">What Prometheus is asked with; outlives them.</param>
    /// <param name="identity">Who the process is to Amazon.</param>
    /// <param name="time">The clock.</param>
    public static FrozenDictionary<string, IMetricProvider> Standalone(ProviderHttp http, PrometheusClient prometheus, IAwsIdentity identity, TimeProvider time) =>
        ByType(OverHttp(http, prometheus, identity, time), time);

    /// <summary>All of them.</summary>
    /// <param name="http">What those over HTTP send with; outlives them.</param>
    /// <param name="prometheus">What Prometheus is asked with; outlives them.</param>
    /// <param name="identity">Who the process is to Amazon.</param>
    /// <param name="cluster">Where Jobs run. One that may write while it leads only is best: a Job of two leaders is the same, but nobody else should make one.</param>
    /// <param name="time">The clock.</param>
    public static FrozenDictionary<string, IMetricProvider> InCluster(ProviderHttp http, PrometheusClient prometheus, IAwsIdentity identity, ClusterAccess cluster, TimeProvider time) =>
        ByType([.. OverHttp(http, prometheus, identity, time), new JobProvider(cluster, time)], time);

    private static FrozenDictionary<string, IMetricProvider> ByType(IEnumerable<IMetricProvider> providers, TimeProvider time) =>
        providers.ToFrozenDictionary(provider => provider.Type, provider => (IMetricProvider)new GuardedProvider(provider, time), StringComparer.Ordinal);

    private static IEnumerable<IMetricProvider> OverHttp(ProviderHttp http, PrometheusClient prometheus, IAwsIdentity identity, TimeProvider time) =>
        ((IProviderDialect[])
        [
            new DatadogDialect(), new CloudWatchDialect(identity, time), new NewRelicDialect(), new GraphiteDialect(),
            new InfluxDbDialect(), new DynatraceDialect(), new WebDialect(),
        ]).Select(dialect => (IMetricProvider)new HttpProvider(dialect, http)).Append(new PrometheusProvider(prometheus));
}
