using System.Net;
using MeshCanary.Cli.Client;
using MeshCanary.Cli.Hosting;
using MeshCanary.Controller.Hosting;
using MeshCanary.Proxy.Hosting;
using Microsoft.Extensions.Logging;

namespace MeshCanary.Cli.Demonstrating;

/// <summary>Everything that runs during a demo. Disposing leaves nothing behind: no process, no port, no file.</summary>
internal sealed class DemoStage : IAsyncDisposable
{
    private readonly Stack<IAsyncDisposable> _running = new();
    private readonly string _folder = Path.Combine(Path.GetTempPath(), $"meshcanary-demo-{Path.GetRandomFileName()}");

    private DemoStage()
    {
    }

    /// <summary>The running version.</summary>
    public SampleProcess Old { get; private set; } = null!;

    /// <summary>The new version.</summary>
    public SampleProcess New { get; private set; } = null!;

    /// <summary>Controller and proxy.</summary>
    public StandaloneServer Server { get; private set; } = null!;

    /// <summary>A client of the server's API.</summary>
    public ApiClient Api { get; private set; } = null!;

    /// <summary>The users.</summary>
    public LoadGenerator? Load { get; private set; }

    /// <summary>Starts everything but the load.</summary>
    public static async Task<DemoStage> SetAsync(DemoOptions options, TimeProvider time, ILoggerFactory loggers, CancellationToken stop)
    {
        var stage = new DemoStage();
        try
        {
            stage.Old = stage.Keep(await SampleProcess.StartAsync(options.SampleService, DemoManifest.OldVersion, ["--seed", "1"], time, stop).ConfigureAwait(false));
            stage.New = stage.Keep(await SampleProcess.StartAsync(options.SampleService, DemoManifest.NewVersion, ["--seed", "2", .. options.Scenario.SampleArguments], time, stop).ConfigureAwait(false));
            stage.Server = stage.Keep(await StandaloneServer.StartAsync(stage.ServerOptions(), time, loggers, stop).ConfigureAwait(false));
            stage.Api = ApiClient.For(StandaloneServer.Local(stage.Server.Api));
            return stage;
        }
        catch
        {
            await stage.DisposeAsync().ConfigureAwait(false);
            throw;
        }
    }

    /// <summary>Lets the users in.</summary>
    public LoadGenerator StartLoad(int rate, TimeProvider time)
    {
        Load = Keep(new LoadGenerator(new Uri(StandaloneServer.Local(Server.Proxy!.Listen), "checkout"), rate, time));
        return Load;
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        // The reverse of the start: users leave before the proxy goes, the proxy before the versions behind it.
        while (_running.TryPop(out var running))
            await running.DisposeAsync().ConfigureAwait(false);
        Api?.Dispose();
        if (Directory.Exists(_folder))
            Directory.Delete(_folder, recursive: true);
    }

    private T Keep<T>(T running)
        where T : IAsyncDisposable
    {
        _running.Push(running);
        return running;
    }

    private StandaloneOptions ServerOptions()
    {
        var anywhere = new IPEndPoint(IPAddress.Loopback, 0);
        return new StandaloneOptions
        {
            Controller = new ControllerOptions
            {
                Canaries = [DemoManifest.For(Old.Address)],
                Api = anywhere,
                Control = anywhere,
                StateFolder = _folder,
            },
            Proxy = controller => new ProxyOptions
            {
                Name = "demo",
                Listen = [anywhere],
                Admin = anywhere,
                Controller = controller,
                DrainTimeout = TimeSpan.FromSeconds(5),
            },
        };
    }
}
