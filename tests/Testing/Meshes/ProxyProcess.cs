using System.Globalization;
using MeshCanary.Testing.Addresses;
using MeshCanary.Testing.Processes;

namespace MeshCanary.Testing.Meshes;

/// <summary>A proxy in a process of its own, on loopback.</summary>
public sealed class ProxyProcess : IAsyncDisposable
{
    private readonly ChildProcess _process;
    private readonly int _admin;

    private ProxyProcess(ChildProcess process, int port, int admin)
    {
        (_process, _admin) = (process, admin);
        Entrance = new Uri($"http://127.0.0.1:{port}/");
    }

    /// <summary>Where clients connect.</summary>
    public Uri Entrance { get; }

    /// <summary>The process id.</summary>
    public int Id => _process.Id;

    /// <summary>Whether it has ended.</summary>
    public bool HasExited => _process.HasExited;

    /// <summary>Starts one and waits until it has a configuration.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="controller">Where it connects.</param>
    /// <param name="cancellation">Ends the start.</param>
    /// <param name="program">The <c>meshcanary.dll</c> to run; null for the one beside the tests.</param>
    public static async Task<ProxyProcess> StartAsync(string name, Uri controller, CancellationToken cancellation, string? program = null)
    {
        ArgumentNullException.ThrowIfNull(controller);
        var (port, admin) = (FreePort.Find(), FreePort.Find());
        var process = Launch.RunAt(
            program ?? Launch.Beside, "proxy", "--name", name, "--controller", controller.AbsoluteUri, "--listen", Launch.Loopback(port), "--admin", Launch.Loopback(admin));
        var proxy = new ProxyProcess(process, port, admin);
        try
        {
            await Launch.ReadyAsync(process, new Uri($"http://127.0.0.1:{admin}/readyz"), cancellation);
            return proxy;
        }
        catch
        {
            await proxy.DisposeAsync();
            throw;
        }
    }

    /// <summary>The figures of <c>/metrics</c>, by name with labels as they stand there.</summary>
    public async Task<IReadOnlyDictionary<string, double>> MetricsAsync(CancellationToken cancellation)
    {
        using var client = new HttpClient();
        var page = await client.GetStringAsync(new Uri($"http://127.0.0.1:{_admin}/metrics"), cancellation);
        return page.Split('\n').Where(line => line.Length > 0 && line[0] != '#')
            .ToDictionary(line => line[..line.LastIndexOf(' ')], line => double.Parse(line[(line.LastIndexOf(' ') + 1)..], CultureInfo.InvariantCulture));
    }

    /// <summary>SIGTERM.</summary>
    /// <returns>The exit code.</returns>
    public Task<int> TerminateAsync(CancellationToken cancellation) => _process.TerminateAsync(cancellation);

    /// <summary>What it said.</summary>
    public string Describe() => _process.Describe();

    /// <summary>Kills it if it still runs.</summary>
    public ValueTask DisposeAsync() => _process.DisposeAsync();
}
