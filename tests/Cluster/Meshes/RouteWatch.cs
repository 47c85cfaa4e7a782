using System.Text.Json;
using System.Text.Json.Nodes;
using k8s;
using k8s.Autorest;
using MeshCanary.TestCluster.Running;

namespace MeshCanary.Cluster.Tests.Meshes;

/// <summary>A route of a mesh as the API server has it, and every form of it that was seen meanwhile.</summary>
/// <param name="space">Where it is.</param>
/// <param name="group">Its group.</param>
/// <param name="plural">Its plural.</param>
/// <param name="name">Its name.</param>
internal sealed class RouteWatch(ClusterNamespace space, string group, string plural, string name) : IAsyncDisposable
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(100);

    private readonly CancellationTokenSource _end = new();
    private readonly List<string> _forms = [];
    private Task _watching = Task.CompletedTask;

    /// <summary>The specs that were seen one after the other, as JSON.</summary>
    public IReadOnlyList<string> Forms
    {
        get
        {
            lock (_forms)
                return [.. _forms];
        }
    }

    /// <summary>Begins to look.</summary>
    public RouteWatch Start()
    {
        _watching = WatchAsync();
        return this;
    }

    /// <summary>The object; null when there is none.</summary>
    public async Task<JsonObject?> ReadAsync(CancellationToken stop)
    {
        try
        {
            var seen = await space.Client.CustomObjects.GetNamespacedCustomObjectAsync<object>(group, "v1", space.Name, plural, name, stop);
            return JsonSerializer.SerializeToNode(seen)!.AsObject();
        }
        catch (HttpOperationException missing) when (missing.Response.StatusCode == System.Net.HttpStatusCode.NotFound)
        {
            return null;
        }
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await _end.CancelAsync();
        await _watching;
        _end.Dispose();
    }

    private async Task WatchAsync()
    {
        try
        {
            while (true)
            {
                if (await ReadAsync(_end.Token) is { } seen)
                    Add(seen["spec"]!.ToJsonString());
                await Task.Delay(Pause, TimeProvider.System, _end.Token);
            }
        }
        catch (OperationCanceledException)
        {
            // Enough was seen.
        }
    }

    private void Add(string form)
    {
        lock (_forms)
        {
            if (_forms.Count == 0 || _forms[^1] != form)
                _forms.Add(form);
        }
    }
}
