using MeshCanary.Controller.Keeping;
using MeshCanary.Controller.Metrics.Prometheus.Asking;
using MeshCanary.Controller.Metrics.Providers;
using MeshCanary.Controller.Metrics.Providers.CloudWatch;
using MeshCanary.Controller.Metrics.Providers.Http;
using MeshCanary.Controller.Metrics.Providers.Secrets;
using MeshCanary.Controller.Metrics.Templates;
using MeshCanary.Machinery;

namespace MeshCanary.Controller.Hosting.Cluster;

/// <summary>Who asks for custom metrics in a cluster.</summary>
internal sealed class ClusterCustom : IDisposable
{
    private readonly ProviderHttp _http;
    private readonly PrometheusClient _prometheus;
    private readonly MetricAsker _asker;

    public ClusterCustom(ClusterAccess cluster, ClusterCaches caches, TimeProvider time)
    {
        (_http, _prometheus) = (new ProviderHttp(time), new PrometheusClient(time));
        _asker = new MetricAsker(new AskTools(MetricProviders.InCluster(_http, _prometheus, new OwnAwsIdentity(), cluster, time), new KubernetesSecretReader(cluster), time));
        Sources = new CustomSources(_asker, new ClusterTemplates(caches.Templates));
    }

    /// <summary>What Canaries are reconciled with.</summary>
    public CustomSources Sources { get; }

    /// <inheritdoc/>
    public void Dispose()
    {
        _asker.Dispose();
        _prometheus.Dispose();
        _http.Dispose();
    }
}
