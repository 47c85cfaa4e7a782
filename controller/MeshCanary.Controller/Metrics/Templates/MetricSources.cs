using System.Collections.Frozen;
using MeshCanary.Controller.Metrics.Prometheus;
using MeshCanary.Controller.Metrics.Prometheus.Asking;
using MeshCanary.Controller.Metrics.Providers;
using MeshCanary.Controller.Metrics.Providers.CloudWatch;
using MeshCanary.Controller.Metrics.Providers.Http;
using MeshCanary.Machinery;

namespace MeshCanary.Controller.Metrics.Templates;

/// <summary>The providers that this build has. A metric of another one stays without an answer, with the reason.</summary>
internal static class MetricSources
{
    /// <summary>Those that need no cluster.</summary>
    public static FrozenDictionary<string, IMetricProvider> Standalone(ProviderHttp http, PrometheusClient prometheus, IAwsIdentity identity, TimeProvider time) =>
        Of([.. MetricProviders.Standalone(http, identity, time).Values, Prometheus(prometheus, time)]);

    /// <summary>All of them.</summary>
    public static FrozenDictionary<string, IMetricProvider> InCluster(ProviderHttp http, PrometheusClient prometheus, IAwsIdentity identity, ClusterAccess cluster, TimeProvider time) =>
        Of([.. MetricProviders.InCluster(http, identity, cluster, time).Values, Prometheus(prometheus, time)]);

    /// <summary>Providers by their types.</summary>
    public static FrozenDictionary<string, IMetricProvider> Of(params IEnumerable<IMetricProvider> providers) => providers.ToFrozenDictionary(provider => provider.Type, StringComparer.Ordinal);

    private static GuardedProvider Prometheus(PrometheusClient client, TimeProvider time) => new(new PrometheusProvider(client), time);
}
