using MeshCanary.Cluster.Tests.Harness;
using MeshCanary.TestCluster.Running;

[assembly: AssemblyFixture(typeof(ClusterFixture))]

namespace MeshCanary.Cluster.Tests.Harness;

/// <summary>The one cluster of all tests here; each test has a namespace of its own in it.</summary>
public sealed class ClusterFixture : IAsyncLifetime
{
    private TestCluster.Running.Cluster? _cluster;
    private int _count;

    /// <summary>The cluster.</summary>
    public TestCluster.Running.Cluster Cluster => _cluster ?? throw new InvalidOperationException("The cluster has not been started.");

    /// <inheritdoc/>
    public async ValueTask InitializeAsync() =>
        _cluster = await TestCluster.Running.Cluster.StartAsync(new ClusterOptions(), TestContext.Current.CancellationToken);

    /// <summary>Makes a namespace for a test.</summary>
    public Task<ClusterNamespace> NamespaceAsync() =>
        Cluster.NamespaceAsync($"t{Interlocked.Increment(ref _count)}", TestContext.Current.CancellationToken);

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        if (_cluster is not null)
            await _cluster.DisposeAsync();
    }
}
