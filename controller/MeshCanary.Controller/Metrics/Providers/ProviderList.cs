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

/// <summary>The providers that there are. A new one is added here.</summary>
internal static class ProviderList
{
    /// <summary>Those that are asked over HTTP, which need no cluster.</summary>
    /// <param name="http">What they send with; outlives them.</param>
    /// <param name="identity">Who the process is to Amazon.</param>
    /// <param name="time">The clock.</param>
    public static IEnumerable<IMetricProvider> OverHttp(ProviderHttp http, IAwsIdentity identity, TimeProvider time) =>
        ((IProviderDialect[])
        [
            new DatadogDialect(), new CloudWatchDialect(identity, time), new NewRelicDialect(), new GraphiteDialect(),
            new InfluxDbDialect(), new DynatraceDialect(), new WebDialect(),
        ]).Select(dialect => new HttpProvider(dialect, http));

    /// <summary>All of them.</summary>
    public static IEnumerable<IMetricProvider> InCluster(ProviderHttp http, IAwsIdentity identity, ClusterAccess cluster, TimeProvider time) =>
        [.. OverHttp(http, identity, time), new JobProvider(cluster, time)];
}
