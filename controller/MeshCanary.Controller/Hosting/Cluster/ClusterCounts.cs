using MeshCanary.Controller.Metrics.Prometheus;
using MeshCanary.Controller.Metrics.Prometheus.Access;
using MeshCanary.Controller.Metrics.Prometheus.Asking;
using MeshCanary.Controller.Metrics.Providers.Secrets;
using MeshCanary.Machinery;
using Microsoft.Extensions.Logging;

namespace MeshCanary.Controller.Hosting.Cluster;

/// <summary>Puts the source of counts together that is asked in a cluster.</summary>
internal static class ClusterCounts
{
    /// <summary>The source, with credentials from the Secrets that Canaries name.</summary>
    public static PrometheusMetricSource Make(ClusterAccess cluster, Action<string> changed, MachineTools tools) => new(
        new SourceTools(
            new PrometheusClient(tools.Time), new SecretCredentials(new KubernetesSecretReader(cluster), tools.Time), new SourceMetrics(tools.Metrics), tools.Time, tools.Loggers.CreateLogger<PrometheusMetricSource>()),
        changed);
}
