using System.Net;
using Microsoft.Extensions.Logging;

namespace MeshCanary.Controller.Hosting.Cluster;

/// <summary>A running controller of a cluster, leading or standing by. Disposing stops it; everything in the cluster stays as it is.</summary>
public sealed class ClusterServer : IAsyncDisposable
{
    private readonly Teardown _teardown;

    internal ClusterServer(IPEndPoint api, IPEndPoint control, IPEndPoint admin, Task completion, Teardown teardown)
    {
        (Api, Control, Admin, Completion) = (api, control, admin, completion);
        _teardown = teardown;
    }

    /// <summary>Where the API is, with the port that was taken.</summary>
    public IPEndPoint Api { get; }

    /// <summary>Where proxies connect, with the port that was taken.</summary>
    public IPEndPoint Control { get; }

    /// <summary>Where health and metrics are, with the port that was taken.</summary>
    public IPEndPoint Admin { get; }

    /// <summary>Ends when the controller cannot go on.</summary>
    public Task Completion { get; }

    /// <summary>Starts a controller.</summary>
    /// <exception cref="IOException">An address is in use, the cluster's configuration cannot be read, or an option is unsafe; the message says which and what to do.</exception>
    public static async Task<ClusterServer> StartAsync(ClusterOptions options, TimeProvider time, ILoggerFactory loggers, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(time);
        ArgumentNullException.ThrowIfNull(loggers);
        var teardown = new Teardown();
        try
        {
            return await new ClusterStartup(options, time, loggers, teardown).RunAsync(cancellationToken).ConfigureAwait(false);
        }
        catch
        {
            await teardown.DisposeAsync().ConfigureAwait(false);
            throw;
        }
    }

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => _teardown.DisposeAsync();
}
