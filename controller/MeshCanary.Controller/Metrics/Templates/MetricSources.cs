using System.Collections.Frozen;
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
    public static FrozenDictionary<string, IMetricProvider> Standalone(ProviderHttp http, IAwsIdentity identity, TimeProvider time) =>
        MetricProviders.Standalone(http, new PrometheusClient(time), identity, time);

    /// <summary>All of them.</summary>
    public static FrozenDictionary<string, IMetricProvider> InCluster(ProviderHttp http, IAwsIdentity identity, ClusterAccess cluster, TimeProvider time) =>
        MetricProviders.InCluster(http, new PrometheusClient(time), identity, cluster, time);

    /// <summary>Providers by their types.</summary>
    public static FrozenDictionary<string, IMetricProvider> Of(params IEnumerable<IMetricProvider> providers) => providers.ToFrozenDictionary(provider => provider.Type, StringComparer.Ordinal);
}
