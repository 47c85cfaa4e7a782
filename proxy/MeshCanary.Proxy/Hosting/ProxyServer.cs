using System.Net;
using Microsoft.Extensions.Logging;

namespace MeshCanary.Proxy.Hosting;

/// <summary>A running proxy: data plane, admin endpoints and the stream to the controller. Disposing drains and stops it.</summary>
public sealed class ProxyServer : IAsyncDisposable
{
    private ProxyServer(IPEndPoint listen, IPEndPoint admin) => (Listen, Admin) = (listen, admin);

    /// <summary>Where clients connect, with the port that was taken.</summary>
    public IPEndPoint Listen { get; }

    /// <summary>Where the admin endpoints are, with the port that was taken.</summary>
    public IPEndPoint Admin { get; }

    /// <summary>Completes when the proxy has stopped.</summary>
    public Task Completion => Task.CompletedTask;

    /// <summary>
    /// Starts a proxy. It serves from the snapshot file at once when there is one, connects to the controller and
    /// keeps trying for as long as it runs.
    /// </summary>
    /// <exception cref="IOException">An address is in use, or the token or snapshot file cannot be read; the message names it.</exception>
    public static Task<ProxyServer> StartAsync(ProxyOptions options, TimeProvider time, ILoggerFactory loggers, CancellationToken cancellationToken) =>
        throw new NotSupportedException($"{options} {time} {loggers} {cancellationToken}");

    /// <summary>Stops taking new connections, lets requests in flight finish within the drain timeout, and stops.</summary>
    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask.WaitAsync(cancellationToken);

    /// <inheritdoc/>
    public async ValueTask DisposeAsync() => await StopAsync(CancellationToken.None).ConfigureAwait(false);
}
