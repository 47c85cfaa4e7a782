using MeshCanary.Cluster.Tests.Chart;
using MeshCanary.Cluster.Tests.Harness;
using MeshCanary.TestCluster.Running;
using MeshCanary.Testing.Charts;
using MeshCanary.Testing.Waiting;

namespace MeshCanary.Cluster.Tests.Scenarios;

/// <summary>MeshCanary as its chart installs it: three replicas in a namespace of their own, under the chart's own role.</summary>
public sealed class Installation(ClusterFixture fixture) : IAsyncLifetime
{
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(120);

    private ClusterNamespace? _space;
    private HelmRelease? _release;

    /// <summary>The cluster's fixture.</summary>
    public ClusterFixture Fixture => fixture;

    /// <summary>Where the controller runs.</summary>
    public ClusterNamespace Space => _space ?? throw new InvalidOperationException("It is not installed yet.");

    internal HelmRelease Release => _release ?? throw new InvalidOperationException("It is not installed yet.");

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    /// <inheritdoc/>
    public async ValueTask InitializeAsync()
    {
        _space = await fixture.Cluster.NamespaceAsync("meshcanary", Stop);
        _release = new HelmRelease(_space);
        await ChartAsync("install", "--take-ownership");
    }

    /// <summary>Installs the chart, or upgrades it, and waits until all is as it says.</summary>
    public async Task ChartAsync(string verb, params string[] args)
    {
        Succeeded(await Release.WithChartAsync(verb, args));
        await Space.AvailableAsync("meshcanary", Stop);
        await ReadyAsync(3);
    }

    /// <summary>Sets how many replicas run, and waits until it is so.</summary>
    public async Task ScaleAsync(int replicas)
    {
        Succeeded(await Release.KubectlAsync("scale", "deployment/meshcanary", $"--replicas={replicas}"));
        await Eventually.TrueAsync(async () => (await PodsAsync()).Count == replicas, Deadline, $"{replicas} replicas are there", cancellation: Stop);
        await ReadyAsync(replicas);
    }

    /// <summary>Waits until so many replicas are ready.</summary>
    public Task ReadyAsync(int replicas) => Eventually.TrueAsync(
        async () => (await PodsAsync()).Count(pod => pod.Metadata.DeletionTimestamp is null && pod.Status.Conditions?.Any(one => one.Type == "Ready" && one.Status == "True") == true) >= replicas,
        Deadline, $"{replicas} replicas of the controller are ready", LogsAsync().GetAwaiter().GetResult, Stop);

    /// <summary>The controller's pods.</summary>
    public Task<IList<k8s.Models.V1Pod>> PodsAsync() => Space.PodsAsync("app.kubernetes.io/component=controller", Stop);

    /// <summary>Asks the controller for something, by the API of whichever replica leads.</summary>
    public Task ActAsync(string space, string canary, string action) => Eventually.TrueAsync(
        async () =>
        {
            foreach (var pod in await PodsAsync())
            {
                var asked = await fixture.Cluster.ExecAsync(
                    Space.Name, pod.Metadata.Name,
                    ["curl", "-sf", "-H", "content-type: application/json", "-d", $$"""{"action":"{{action}}","reason":"a test"}""", $"http://127.0.0.1:7070/api/v1/canaries/{space}/{canary}/actions"], Stop);
                if (asked.ExitCode == 0)
                    return true;
            }

            return false;
        },
        Deadline, $"{action} is accepted", cancellation: Stop);

    /// <summary>What the replicas have written.</summary>
    public async Task<string> LogsAsync() => string.Join('\n', (await PodsAsync()).Select(pod =>
        $"--- {pod.Metadata.Name}: {pod.Status.Phase}\n{fixture.Cluster.Logs(Space.Name, pod.Metadata.Name, "controller")}"));

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        if (_release is not null)
        {
            await _release.RunAsync("uninstall", "meshcanary", "--timeout", "60s");
            _release.Dispose();
        }

        if (_space is not null)
            await _space.DisposeAsync();
    }

    private static void Succeeded(ToolRun run) => Assert.True(run.Code == 0, $"it failed ({run.Code}): {run.Error}\n{run.Out}");
}
