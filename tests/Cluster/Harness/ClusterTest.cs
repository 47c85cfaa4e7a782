using MeshCanary.TestCluster.Running;

namespace MeshCanary.Cluster.Tests.Harness;

/// <summary>A test in a namespace of its own.</summary>
/// <param name="fixture">The cluster.</param>
public abstract class ClusterTest(ClusterFixture fixture) : IAsyncLifetime
{
    /// <summary>How long to wait for what should come at once.</summary>
    protected static readonly TimeSpan Soon = TimeSpan.FromSeconds(60);

    private ClusterNamespace? _space;

    /// <summary>The test's namespace.</summary>
    protected ClusterNamespace Space => _space ?? throw new InvalidOperationException("The test has not begun.");

    /// <summary>The cluster.</summary>
    protected TestCluster.Running.Cluster Cluster => fixture.Cluster;

    /// <summary>Cancelled when the run is stopped.</summary>
    protected static CancellationToken Stop => TestContext.Current.CancellationToken;

    /// <inheritdoc/>
    public async ValueTask InitializeAsync() => _space = await fixture.NamespaceAsync();

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        if (_space is not null)
            await _space.DisposeAsync();
        GC.SuppressFinalize(this);
    }
}
