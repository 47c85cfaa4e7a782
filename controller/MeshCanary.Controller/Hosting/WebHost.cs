using System.Net;
using System.Net.Sockets;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace MeshCanary.Controller.Hosting;

/// <summary>A web server on one address, untouched by environment variables and settings files.</summary>
internal sealed class WebHost : IAsyncDisposable
{
    private static readonly TimeSpan StopPatience = TimeSpan.FromSeconds(5);

    private readonly WebApplication _app;

    private WebHost(WebApplication app, IPEndPoint address)
    {
        _app = app;
        Address = address;
    }

    /// <summary>Where it is, with the port that was taken.</summary>
    public IPEndPoint Address { get; }

    /// <summary>A builder to add services and options to.</summary>
    public static WebApplicationBuilder CreateBuilder(IPEndPoint address, ILoggerFactory loggers, Action<ListenOptions> listen)
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;
            kestrel.Listen(address, listen);
        });
        builder.Services.AddRouting();
        builder.Services.AddSingleton<ILoggerFactory>(new QuietLoggers(loggers));
        builder.Services.AddSingleton<IHostLifetime, QuietLifetime>();
        builder.Services.Configure<HostOptions>(options => options.ShutdownTimeout = StopPatience);
        return builder;
    }

    /// <summary>Starts.</summary>
    /// <exception cref="IOException">The address cannot be taken; the message names it.</exception>
    public static async Task<WebHost> StartAsync(WebApplication app, IPEndPoint address, string what, CancellationToken cancellationToken)
    {
        try
        {
            await app.StartAsync(cancellationToken).ConfigureAwait(false);
            var bound = app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.Single();
            return new WebHost(app, new IPEndPoint(address.Address, new Uri(bound).Port));
        }
        catch (Exception failure)
        {
            await app.DisposeAsync().ConfigureAwait(false);
            if (failure is IOException or SocketException)
                throw new IOException($"The {what} cannot listen on {address}: {failure.Message} Stop what uses the address, or choose another one.", failure);
            throw;
        }
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await _app.StopAsync().ConfigureAwait(false);
        await _app.DisposeAsync().ConfigureAwait(false);
    }
}
