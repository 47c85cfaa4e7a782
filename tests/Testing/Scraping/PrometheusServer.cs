using System.Globalization;
using MeshCanary.Testing.Addresses;
using MeshCanary.Testing.Files;
using MeshCanary.Testing.Meshes;
using MeshCanary.Testing.Processes;

namespace MeshCanary.Testing.Scraping;

/// <summary>A real Prometheus.</summary>
public sealed class PrometheusServer : IAsyncDisposable
{
    /// <summary>Time from scrape to scrape.</summary>
    public static readonly TimeSpan Scrape = TimeSpan.FromMilliseconds(500);

    private readonly TempFolder _folder = new();
    private readonly int _port = FreePort.Find();
    private readonly string _host;
    private readonly string _config;
    private ChildProcess? _process;

    private PrometheusServer(string discovery, string host) => (_host, _config) = (host, _folder.Write("prometheus.yml", string.Create(CultureInfo.InvariantCulture, $$"""
        global: { scrape_interval: {{Scrape.TotalMilliseconds}}ms, scrape_timeout: {{Scrape.TotalMilliseconds}}ms }
        scrape_configs:
          - job_name: test
            {{discovery}}
        """)));

    /// <summary>Where its API is.</summary>
    public Uri Address => new($"http://{_host}:{_port}");

    /// <summary>Starts it.</summary>
    /// <param name="targets">Host and port of what it scrapes.</param>
    /// <param name="cancellation">Ends the start.</param>
    public static Task<PrometheusServer> StartAsync(IEnumerable<string> targets, CancellationToken cancellation) =>
        FindingAsync($"static_configs: [{{ targets: [{string.Join(", ", targets.Select(target => $"'{target}'"))}] }}]", cancellation);

    /// <summary>Starts it with another way to find what it scrapes.</summary>
    /// <param name="discovery">Fields of its scrape configuration, as YAML; lines after the first begin with four spaces.</param>
    /// <param name="cancellation">Ends the start.</param>
    /// <param name="host">The address that it listens on.</param>
    public static async Task<PrometheusServer> FindingAsync(string discovery, CancellationToken cancellation, string host = "127.0.0.1")
    {
        var server = new PrometheusServer(discovery, host);
        try
        {
            await server.StartAsync(cancellation);
            return server;
        }
        catch
        {
            await server.DisposeAsync();
            throw;
        }
    }

    /// <summary>Starts it again, with what it has stored.</summary>
    public async Task StartAsync(CancellationToken cancellation)
    {
        _process = ChildProcess.Start(PrometheusProgram.Find(), [
            $"--config.file={_config}", $"--storage.tsdb.path={_folder.PathOf("data")}", $"--web.listen-address={Address.Authority}", "--log.level=warn",
        ]);
        await Launch.ReadyAsync(_process, new Uri(Address, "/-/ready"), cancellation);
    }

    /// <summary>It is away.</summary>
    public async Task StopAsync()
    {
        await _process!.TerminateAsync();
        await _process.DisposeAsync();
        _process = null;
    }

    /// <summary>What it said, for the message of a failure.</summary>
    public string Describe() => _process?.Describe() ?? "Prometheus is away.";

    /// <summary>Ends it.</summary>
    public async ValueTask DisposeAsync()
    {
        if (_process is not null)
            await _process.DisposeAsync();
        _folder.Dispose();
    }
}
