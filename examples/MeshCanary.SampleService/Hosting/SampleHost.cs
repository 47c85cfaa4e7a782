using MeshCanary.SampleService.Answers;
using MeshCanary.SampleService.Options;
using Microsoft.AspNetCore.Server.Kestrel.Core;

namespace MeshCanary.SampleService.Hosting;

/// <summary>The sample service as a process.</summary>
internal static class SampleHost
{
    private static readonly TimeSpan ShutdownTimeout = TimeSpan.FromSeconds(2);

    /// <summary>Serves until told to stop.</summary>
    /// <returns>The code to exit with.</returns>
    public static async Task<int> RunAsync(SampleOptions options, TimeProvider time)
    {
        await using var app = Build(options, time);
        try
        {
            await app.StartAsync();
        }
        catch (IOException error)
        {
            await Console.Error.WriteLineAsync(
                $"Cannot listen on {options.Listen}: {error.Message} Choose another port with --listen, or 0 for any free one.");
            return 1;
        }

        // Parents read this line to learn the port.
        await Console.Out.WriteLineAsync($"listening on {app.Urls.Single()}");

        if (options.ExitWithStdin)
            _ = StopWithStandardInputAsync(app.Lifetime);
        await app.WaitForShutdownAsync();
        return 0;
    }

    private static WebApplication Build(SampleOptions options, TimeProvider time)
    {
        // The empty builder leaves out configuration files, logging and routing, and starts in a fraction of the time.
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.Services.Configure<HostOptions>(host => host.ShutdownTimeout = ShutdownTimeout);
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;
            kestrel.Listen(options.Listen, listen => listen.Protocols = HttpProtocols.Http1);
        });

        var app = builder.Build();
        var (endpoint, metrics) = (new CheckoutEndpoint(options, time), new RequestMetrics(time));
        app.Run(context => context.Request.Path == RequestMetrics.Path ? metrics.WriteAsync(context) : metrics.CountAsync(context, endpoint.AnswerAsync));
        return app;
    }

    private static async Task StopWithStandardInputAsync(IHostApplicationLifetime lifetime)
    {
        await Console.OpenStandardInput().CopyToAsync(Stream.Null);
        lifetime.StopApplication();
    }
}
