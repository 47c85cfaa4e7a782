using System.Text.Json;
using k8s;
using MeshCanary.TestCluster.Running;
using MeshCanary.Testing.Files;

namespace MeshCanary.Cluster.Tests.Sources;

/// <summary>
/// Keeps a file of targets for Prometheus as the pods of a namespace come and go. Debian's build has no discovery by the API server; this writes
/// what that would find, with the labels that scrape configurations give to pods.
/// </summary>
internal sealed class PodDirectory : IAsyncDisposable
{
    private static readonly TimeSpan Period = TimeSpan.FromMilliseconds(250);

    private readonly TempFolder _folder = new();
    private readonly CancellationTokenSource _stop = new();
    private readonly Task _loop;

    /// <param name="space">Whose pods.</param>
    /// <param name="app">Their label <c>app</c>.</param>
    public PodDirectory(ClusterNamespace space, string app) => _loop = FollowAsync(space, app);

    /// <summary>The file.</summary>
    public string File => _folder.PathOf("targets.json");

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _loop.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _stop.Dispose();
        _folder.Dispose();
    }

    private async Task FollowAsync(ClusterNamespace space, string app)
    {
        var before = "";
        using var timer = new PeriodicTimer(Period, TimeProvider.System);
        do
        {
            var pods = await space.Client.CoreV1.ListNamespacedPodAsync(space.Name, labelSelector: $"app={app}", cancellationToken: _stop.Token);
            var found = JsonSerializer.Serialize(pods.Items.Where(pod => !string.IsNullOrEmpty(pod.Status?.PodIP)).OrderBy(pod => pod.Metadata.Name, StringComparer.Ordinal).Select(pod => new
            {
                targets = new[] { $"{pod.Status.PodIP}:8080" },
                labels = new Dictionary<string, string> { ["pod"] = pod.Metadata.Name, ["namespace"] = space.Name },
            }));
            if (found == before)
                continue;
            System.IO.File.WriteAllText(_folder.PathOf("next.json"), before = found);
            System.IO.File.Move(_folder.PathOf("next.json"), File, overwrite: true);
        }
        while (await timer.WaitForNextTickAsync(_stop.Token));
    }
}
