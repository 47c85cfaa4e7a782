using MeshCanary.Controller.Metrics.Prometheus;
using MeshCanary.Rollouts.Specs;

namespace MeshCanary.Controller.Keeping;

/// <summary>Forgets what was asked for a Canary that is gone. It changes nothing in the cluster.</summary>
internal sealed class CountsPart(PrometheusMetricSource source) : IClusterPart
{
    /// <inheritdoc/>
    public void Manage(string uid, CanaryManifest manifest)
    {
    }

    /// <inheritdoc/>
    public string? GiveBack(string key) => null;

    /// <inheritdoc/>
    public void Forget(string key) => source.Forget(key);
}
