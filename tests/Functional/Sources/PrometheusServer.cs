using System.Globalization;
using MeshCanary.Testing.Addresses;
using MeshCanary.Testing.Files;
using MeshCanary.Testing.Meshes;
using MeshCanary.Testing.Processes;

namespace MeshCanary.Functional.Tests.Sources;

/// <summary>A real Prometheus that scrapes some addresses.</summary>
internal sealed class PrometheusServer : IAsyncDisposable
{
    /// <summary>Time from scrape to scrape.</summary>
    public static readonly TimeSpan Scrape = TimeSpan.FromMilliseconds(500);

    private readonly TempFolder _folder = new();
    private readonly int _port = FreePort.Find();
    private readonly string _config;
    private ChildProcess? _process;

    private PrometheusServer(IEnumerable<string> targets) => _config = _folder.Write("prometheus.yml", string.Create(CultureInfo.InvariantCulture, $$"""
        global: { scrape_interval: {{Scrape.TotalMilliseconds}}ms, scrape_timeout: {{Scrape.TotalMilliseconds}}ms }
        scrape_configs:
          - job_name: test
            static_configs: [{ targets: [{{string.Join(", ", targets.Select(target => $"\"{target}\""))}}] }]
        """));

    /// <summary>Where its API is.</summary>
    public Uri Address => new($"http://127.0.0.1:{_port}");

    /// <summary>Starts it.</summary>
    /// <param name="targets">Host and port of what it scrapes.</param>
    /// <param name="cancellation">Ends the start.</param>
    public static async Task<PrometheusServer> StartAsync(IEnumerable<string> targets, CancellationToken cancellation)
    {
        var server = new PrometheusServer(targets);
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
            $"--config.file={_config}", $"--storage.tsdb.path={_folder.PathOf("data")}", $"--web.listen-address={Launch.Loopback(_port)}", "--log.level=warn",
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

    public async ValueTask DisposeAsync()
    {
        if (_process is not null)
            await _process.DisposeAsync();
        _folder.Dispose();
    }
}
