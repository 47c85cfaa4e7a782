using MeshCanary.Controller.Metrics;
using Prometheus;

namespace MeshCanary.Controller.Distribution.Cluster;

/// <summary>Figures on the proxies of all Canaries together.</summary>
internal sealed class ClusterProxyMetrics(MetricFactory factory)
{
    /// <summary>On configurations.</summary>
    public DistributionMetrics Distribution { get; } = new(factory);

    /// <summary>On reports.</summary>
    public ReportMetrics Reports { get; } = new(factory);
}
