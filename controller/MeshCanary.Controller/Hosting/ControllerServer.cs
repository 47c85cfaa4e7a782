using System.Net;
using Microsoft.Extensions.Logging;

namespace MeshCanary.Controller.Hosting;

/// <summary>A running controller: reconcilers, proxy port, API. Disposing stops it; the state stays.</summary>
public sealed class ControllerServer : IAsyncDisposable
{
    /// <summary>Where the API is, with the port that was taken.</summary>
    public IPEndPoint Api => throw new NotSupportedException();

    /// <summary>Where proxies connect, with the port that was taken.</summary>
    public IPEndPoint Control => throw new NotSupportedException();

    /// <summary>Starts a controller and goes on with every rollout where the state folder left it.</summary>
    /// <exception cref="IOException">An address is in use, or a file cannot be read; the message names it and says what to do.</exception>
    public static Task<ControllerServer> StartAsync(ControllerOptions options, TimeProvider time, ILoggerFactory loggers, CancellationToken cancellationToken) =>
        throw new NotSupportedException($"{options} {time} {loggers} {cancellationToken}");

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => ValueTask.CompletedTask;
}
