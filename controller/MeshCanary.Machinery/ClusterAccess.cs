using k8s;
using MeshCanary.Machinery.Calling;
using MeshCanary.Machinery.Discovering;
using MeshCanary.Machinery.Metrics;
using Microsoft.Extensions.Logging;
using Prometheus;

namespace MeshCanary.Machinery;

/// <summary>
/// The way into one cluster, shared by everything that talks to it: calls, what is served there, clock, metrics and logs.
/// Make one per API server and metric registry. Thread-safe.
/// </summary>
public sealed class ClusterAccess : IDisposable
{
    private readonly Kubernetes _client;
    private readonly bool _isShared;

    private ClusterAccess(Kubernetes client, MetricFactory metrics, TimeProvider time, ILoggerFactory logs)
    {
        _client = client;
        Metrics = new MachineryMetrics(metrics);
        Time = time;
        Logs = logs;
        Api = new KubernetesApi(client, Metrics.Api, time, static () => true);
        Discovery = new Discovery(Api, time, logs.CreateLogger<Discovery>());
    }

    private ClusterAccess(ClusterAccess shared, Func<bool> mayWrite)
    {
        (_client, _isShared) = (shared._client, true);
        (Metrics, Time, Logs, Discovery) = (shared.Metrics, shared.Time, shared.Logs, shared.Discovery);
        Api = new KubernetesApi(_client, Metrics.Api, Time, mayWrite);
    }

    /// <summary>Calls.</summary>
    public KubernetesApi Api { get; }

    /// <summary>Which APIs are served.</summary>
    public Discovery Discovery { get; }

    internal MachineryMetrics Metrics { get; }

    internal TimeProvider Time { get; }

    internal ILoggerFactory Logs { get; }

    /// <summary>Opens the way. Connects at the first call only.</summary>
    /// <param name="configuration">Address and credentials, from a kubeconfig file or from inside the cluster.</param>
    /// <param name="metrics">Where figures are registered.</param>
    /// <param name="time">The clock.</param>
    /// <param name="logs">Where logs go.</param>
    /// <exception cref="k8s.Exceptions.KubeConfigException">Address or authority are missing.</exception>
    public static ClusterAccess Connect(KubernetesClientConfiguration configuration, MetricFactory metrics, TimeProvider time, ILoggerFactory logs)
    {
        ArgumentNullException.ThrowIfNull(configuration);
        var further = configuration.FirstMessageHandlerSetup;
        configuration.FirstMessageHandlerSetup = handler =>
        {
            // Watches share connections: one that died without a word must be found out soon, and no number of watches may wait for a stream.
            handler.ConnectTimeout = TimeSpan.FromSeconds(10);
            handler.KeepAlivePingPolicy = HttpKeepAlivePingPolicy.WithActiveRequests;
            handler.KeepAlivePingDelay = TimeSpan.FromSeconds(20);
            handler.KeepAlivePingTimeout = TimeSpan.FromSeconds(10);
            handler.EnableMultipleHttp2Connections = true;
            // New connections find API servers that came later, and addresses that changed.
            handler.PooledConnectionLifetime = TimeSpan.FromMinutes(15);
            further?.Invoke(handler);
        };
        return new ClusterAccess(new Kubernetes(configuration), metrics, time, logs);
    }

    /// <summary>The same way, for one who may write at times only: a leader, in its term.</summary>
    /// <param name="mayWrite">Is asked right before each call that is no read; where it says no, the call fails as a conflict does: look again.</param>
    public ClusterAccess Fenced(Func<bool> mayWrite) => new(this, mayWrite);

    /// <summary>Closes the connections; a fenced way has none of its own.</summary>
    public void Dispose()
    {
        if (_isShared)
            return;
        Discovery.Dispose();
        _client.Dispose();
    }
}
