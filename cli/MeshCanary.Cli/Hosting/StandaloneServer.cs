using System.Net;
using MeshCanary.Controller.Hosting;
using MeshCanary.Proxy.Hosting;
using Microsoft.Extensions.Logging;

namespace MeshCanary.Cli.Hosting;

/// <summary>Controller and proxy in one process; the proxy connects over loopback by the same protocol as any other.</summary>
internal sealed class StandaloneServer : IAsyncDisposable
{
    private static readonly TimeSpan Pace = TimeSpan.FromMilliseconds(50);

    private readonly ControllerServer _controller;

    private StandaloneServer(ControllerServer controller, ProxyServer? proxy) => (_controller, Proxy) = (controller, proxy);

    /// <summary>The embedded proxy; null when it was not asked for.</summary>
    public ProxyServer? Proxy { get; }

    /// <summary>Where the API is.</summary>
    public IPEndPoint Api => _controller.Api;

    /// <summary>Where more proxies may connect.</summary>
    public IPEndPoint Control => _controller.Control;

    /// <summary>Starts both, the controller first.</summary>
    public static async Task<StandaloneServer> StartAsync(StandaloneOptions options, TimeProvider time, ILoggerFactory loggers, CancellationToken stop)
    {
        var controller = await ControllerServer.StartAsync(options.Controller, time, loggers, stop).ConfigureAwait(false);
        if (options.Proxy is null)
            return new StandaloneServer(controller, null);
        try
        {
            var scheme = options.Controller.CertificateFile is null ? "http" : "https";
            var proxy = await ProxyServer.StartAsync(options.Proxy(Local(controller.Control, scheme)), time, loggers, stop).ConfigureAwait(false);
            return new StandaloneServer(controller, proxy);
        }
        catch
        {
            await controller.DisposeAsync().ConfigureAwait(false);
            throw;
        }
    }

    /// <summary>Waits for the embedded proxy to have a configuration to serve by; no proxy has to wait for none.</summary>
    /// <returns>Whether it has one in time.</returns>
    public async Task<bool> WaitUntilServingAsync(TimeSpan patience, TimeProvider time, CancellationToken stop)
    {
        if (Proxy is null)
            return true;
        var start = time.GetTimestamp();
        while (!Proxy.IsReady)
        {
            if (Proxy.Completion.IsCompleted || (patience != Timeout.InfiniteTimeSpan && time.GetElapsedTime(start) >= patience))
                return false;
            await Task.Delay(Pace, time, stop).ConfigureAwait(false);
        }

        return true;
    }

    /// <summary>Stops both: the proxy first, so that its last counts still reach the controller.</summary>
    public async ValueTask DisposeAsync()
    {
        if (Proxy is not null)
            await Proxy.DisposeAsync().ConfigureAwait(false);
        await _controller.DisposeAsync().ConfigureAwait(false);
    }

    /// <summary>An address as this machine reaches it.</summary>
    public static Uri Local(IPEndPoint endPoint, string scheme = "http")
    {
        var address = endPoint.Address;
        if (address.Equals(IPAddress.Any))
            address = IPAddress.Loopback;
        else if (address.Equals(IPAddress.IPv6Any))
            address = IPAddress.IPv6Loopback;
        return new Uri($"{scheme}://{new IPEndPoint(address, endPoint.Port)}");
    }
}
