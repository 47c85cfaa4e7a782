using MeshCanary.Cluster.Tests.Harness;
using MeshCanary.Machinery;
using MeshCanary.Testing.Waiting;
using Microsoft.Extensions.Logging.Abstractions;

namespace MeshCanary.Cluster.Tests.Machinery;

/// <summary>The machinery's way into the tests' cluster.</summary>
internal static class Reach
{
    public static ClusterAccess Machinery(this ClusterFixture fixture, Uri? way = null) => ClusterAccess.Connect(
        (way is null ? fixture.Cluster.Admin : fixture.Cluster.Admin.Through(way)).Configuration(),
        Prometheus.Metrics.WithCustomRegistry(Prometheus.Metrics.NewCustomRegistry()), TimeProvider.System, NullLoggerFactory.Instance);

    public static Task WhenAsync(Func<bool> condition, string because, Func<string>? state = null) =>
        Eventually.TrueAsync(condition, TimeSpan.FromSeconds(40), because, state, TestContext.Current.CancellationToken);
}
