using MeshCanary.Testing.Addresses;
using MeshCanary.Testing.Files;
using MeshCanary.Testing.Meshes;
using MeshCanary.Testing.Processes;
using MeshCanary.Testing.Waiting;

namespace MeshCanary.Functional.Tests.Meshes;

/// <summary>
/// A real controller and real proxies, each a process of its own as a user would start it, on loopback. Any of them can
/// be killed and started again on the same addresses and files.
/// </summary>
internal sealed class Mesh : IAsyncDisposable
{
    public const string Name = "checkout";

    private readonly TempFolder _folder = new();
    private readonly ChildProcess?[] _proxies;
    private readonly int[] _proxyPorts;
    private readonly int[] _adminPorts;
    private readonly int _apiPort = FreePort.Find();
    private readonly int _controlPort = FreePort.Find();
    private readonly List<string> _fallen = [];
    private readonly string _manifest;
    private ChildProcess? _controller;

    private Mesh(MeshPlan plan, string stableAddress)
    {
        _manifest = _folder.Write("canary.yaml", plan.ToYaml(Name, stableAddress));
        _proxies = new ChildProcess?[plan.Proxies];
        _proxyPorts = [.. Enumerable.Range(0, plan.Proxies).Select(_ => FreePort.Find())];
        _adminPorts = [.. plan.MetricPorts ?? [.. Enumerable.Range(0, plan.Proxies).Select(_ => FreePort.Find())]];
        Api = new MeshApi(new Uri($"http://127.0.0.1:{_apiPort}"));
    }

    public MeshApi Api { get; }

    /// <summary>Addresses that clients call, one a proxy.</summary>
    public IReadOnlyList<Uri> Entrances => [.. _proxyPorts.Select(port => new Uri($"http://127.0.0.1:{port}/"))];

    /// <summary>The controller's own metrics.</summary>
    public Uri Metrics => new($"http://127.0.0.1:{_apiPort}/metrics");

    private string TokenFile => _folder.PathOf("proxy.token");

    /// <summary>Starts everything and waits until stable serves through every proxy.</summary>
    public static async Task<Mesh> StartAsync(MeshPlan plan, Uri stable, CancellationToken cancellation)
    {
        var mesh = new Mesh(plan, stable.AbsoluteUri.TrimEnd('/'));
        try
        {
            await mesh.StartControllerAsync(cancellation);
            for (var proxy = 0; proxy < plan.Proxies; proxy++)
                await mesh.StartProxyAsync(proxy, cancellation);
            await mesh.UntilAsync(
                view => view.Phase == MeshCanary.Rollouts.States.Phase.Stable
                    && view.Proxies.Count(proxy => proxy.Connected) == plan.Proxies,
                "stable serves through every proxy", cancellation);
            return mesh;
        }
        catch
        {
            await mesh.DisposeAsync();
            throw;
        }
    }

    public async Task StartControllerAsync(CancellationToken cancellation)
    {
        _controller = Launch.Run(
            "serve", "-f", _manifest, "--no-proxy", "--api", Launch.Loopback(_apiPort), "--control", Launch.Loopback(_controlPort),
            "--state", _folder.PathOf("state"), "--token-file", TokenFile);
        await Launch.ReadyAsync(_controller, new Uri($"http://127.0.0.1:{_apiPort}/readyz"), cancellation);
    }

    public async Task StartProxyAsync(int index, CancellationToken cancellation)
    {
        var proxy = _proxies[index] = Launch.Run(
            "proxy", "--name", $"proxy-{index}", "--controller", $"http://127.0.0.1:{_controlPort}",
            "--listen", Launch.Loopback(_proxyPorts[index]), "--admin", Launch.Loopback(_adminPorts[index]),
            "--token-file", TokenFile, "--snapshot-file", _folder.PathOf($"proxy-{index}.snapshot"));
        await Launch.ReadyAsync(proxy, new Uri($"http://127.0.0.1:{_adminPorts[index]}/readyz"), cancellation);
    }

    /// <summary>SIGKILL: nothing is flushed, nothing is said.</summary>
    public Task KillControllerAsync() => FallAsync(ref _controller);

    /// <inheritdoc cref="KillControllerAsync"/>
    public Task KillProxyAsync(int index) => FallAsync(ref _proxies[index]);

    public Task UntilAsync(Func<MeshCanary.Controller.Api.CanaryView, bool> condition, string because, CancellationToken cancellation) =>
        Api.UntilAsync(Name, condition, because, Describe, cancellation);

    /// <summary>Waits for something that a view does not show.</summary>
    public Task UntilAsync(Func<Task<bool>> condition, string because, CancellationToken cancellation) =>
        Eventually.TrueAsync(condition, TimeSpan.FromSeconds(60), because, Describe, cancellation);

    /// <summary>What every process said, for the message of a failure.</summary>
    public string Describe() => string.Join(
        "\n---\n", [.. _fallen, .. new[] { _controller }.Concat(_proxies).OfType<ChildProcess>().Select(process => process.Describe())]);

    public async ValueTask DisposeAsync()
    {
        foreach (var process in _proxies.Append(_controller).OfType<ChildProcess>())
            await process.DisposeAsync();
        Api.Dispose();
        _folder.Dispose();
    }

    private Task FallAsync(ref ChildProcess? place)
    {
        var process = Interlocked.Exchange(ref place, null) ?? throw new InvalidOperationException("It does not run.");
        return EndAsync();

        async Task EndAsync()
        {
            await process.KillAsync();
            _fallen.Add(process.Describe());
            await process.DisposeAsync();
        }
    }
}
