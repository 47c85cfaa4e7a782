using Yarp.ReverseProxy;
using Yarp.ReverseProxy.Configuration;
using Yarp.ReverseProxy.Health;
using Yarp.ReverseProxy.Model;

namespace MeshCanary.Proxy.Configuring;

/// <summary>Probes new endpoints at once; the forwarder by itself would wait for the first interval to pass.</summary>
internal sealed class FirstProbe(IActiveHealthCheckMonitor monitor, IProxyStateLookup lookup)
{
    public void Start(IEnumerable<ClusterConfig> changed)
    {
        List<ClusterState> clusters = [];
        foreach (var config in changed)
        {
            if (config.HealthCheck?.Active is { Enabled: true } && lookup.TryGetCluster(config.ClusterId, out var cluster))
                clusters.Add(cluster);
        }

        // Not waited for: an endpoint that hangs must not hold up the configuration. The monitor logs its own faults.
        if (clusters.Count > 0)
            _ = monitor.CheckHealthAsync(clusters);
    }
}
