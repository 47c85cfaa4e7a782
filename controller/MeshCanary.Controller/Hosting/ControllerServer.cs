using System.Net;
using Microsoft.Extensions.Logging;

namespace MeshCanary.Controller.Hosting;

/// <summary>A running controller: reconcilers, proxy port, API. Disposing stops it; the state stays.</summary>
public sealed class ControllerServer : IAsyncDisposable
{
    private readonly Teardown _teardown;

    internal ControllerServer(IPEndPoint api, IPEndPoint control, Teardown teardown)
    {
        Api = api;
        Control = control;
        _teardown = teardown;
    }

    /// <summary>Where the API is, with the port that was taken.</summary>
    public IPEndPoint Api { get; }

    /// <summary>Where proxies connect, with the port that was taken.</summary>
    public IPEndPoint Control { get; }

    /// <summary>Starts a controller and goes on with every rollout where the state folder left it.</summary>
    /// <exception cref="IOException">An address is in use, a file cannot be read, or an option is unsafe; the message names it and says what to do.</exception>
    public static async Task<ControllerServer> StartAsync(ControllerOptions options, TimeProvider time, ILoggerFactory loggers, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(time);
        ArgumentNullException.ThrowIfNull(loggers);
        var teardown = new Teardown();
        try
        {
            return await new Startup(options, time, loggers, teardown).RunAsync(cancellationToken).ConfigureAwait(false);
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
