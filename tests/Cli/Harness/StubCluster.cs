using System.Collections.Concurrent;
using System.Text.Json;
using MeshCanary.Testing.Backends;
using MeshCanary.Testing.Files;
using Microsoft.AspNetCore.Http;

namespace MeshCanary.Cli.Tests.Harness;

/// <summary>
/// A real HTTP server that answers for Canaries and a Lease as an API server would: a Canary that was asked to go stays while it is
/// looked at as often as <see cref="LooksToLeave"/>, as if a controller released it meanwhile.
/// </summary>
internal sealed class StubCluster : IAsyncDisposable
{
    private readonly TestBackend _backend;
    private readonly TempFolder _folder = new();
    private readonly Lock _gate = new();
    private readonly Dictionary<string, (string Uid, int Looks)> _canaries = new(StringComparer.Ordinal);
    private int _uids;

    private StubCluster(TestBackend backend)
    {
        _backend = backend;
        KubeConfig = _folder.Write("kubeconfig", $$"""
            apiVersion: v1
            kind: Config
            current-context: stub
            clusters: [{ name: stub, cluster: { server: "{{backend.Address}}" } }]
            contexts: [{ name: stub, context: { cluster: stub, user: stub } }]
            users: [{ name: stub, user: { token: t } }]
            """);
    }

    public string KubeConfig { get; }

    /// <summary>How often a leaving Canary is looked at before it is gone; negative: never.</summary>
    public int LooksToLeave { get; set; } = 1;

    /// <summary>Makes a Canary again, this often, when it has gone.</summary>
    public int Returns { get; set; }

    /// <summary>Refuses this many calls with this status.</summary>
    public (int Status, int Times) Refusal { get; set; }

    public bool HasLease { get; init; } = true;

    public bool KnowsCanaries { get; init; } = true;

    /// <summary>Bodies of patches of the Lease.</summary>
    public ConcurrentQueue<string> LeasePatches { get; } = new();

    /// <summary>Deletions that were asked for.</summary>
    public ConcurrentQueue<string> Deleted { get; } = new();

    public static async Task<StubCluster> StartAsync(bool hasLease = true, bool knowsCanaries = true)
    {
        var backend = await TestBackend.StartAsync("stub", TestContext.Current.CancellationToken);
        var cluster = new StubCluster(backend) { HasLease = hasLease, KnowsCanaries = knowsCanaries };
        backend.Answer = cluster.AnswerAsync;
        return cluster;
    }

    public void Add(string key)
    {
        lock (_gate)
            _canaries[key] = ($"uid-{++_uids}", -1);
    }

    /// <summary>Takes all Canaries away.</summary>
    public void Drop()
    {
        lock (_gate)
            _canaries.Clear();
    }

    /// <summary>Stops answering; the kubeconfig stays.</summary>
    public ValueTask DisposeBackendAsync() => _backend.DisposeAsync();

    public async ValueTask DisposeAsync()
    {
        await _backend.DisposeAsync();
        _folder.Dispose();
    }

    private async Task AnswerAsync(HttpContext context)
    {
        if (Refusal is { Times: > 0 } refusal)
        {
            Refusal = (refusal.Status, refusal.Times - 1);
            await WriteAsync(context, refusal.Status, new { kind = "Status", message = "canaries.meshcanary.io is forbidden: nobody may" });
            return;
        }

        using var reader = new StreamReader(context.Request.Body);
        var body = await reader.ReadToEndAsync();
        var path = context.Request.Path.Value!.Trim('/').Split('/');
        var (status, answer) = (context.Request.Method, path) switch
        {
            ("GET", ["apis", "meshcanary.io", "v1alpha1", "canaries"]) => List(null),
            ("GET", ["apis", "meshcanary.io", "v1alpha1", "namespaces", var space, "canaries"]) => List(space),
            ("DELETE", ["apis", "meshcanary.io", "v1alpha1", "namespaces", var space, "canaries", var name]) => Delete($"{space}/{name}", body),
            ("PATCH", ["apis", "coordination.k8s.io", "v1", "namespaces", "mesh", "leases", "lead"]) when HasLease => Lease(body),
            _ => (404, new { kind = "Status", message = "not found" }),
        };
        await WriteAsync(context, status, answer);
    }

    private (int, object) List(string? space)
    {
        if (!KnowsCanaries)
            return (404, new { kind = "Status", message = "the server could not find the requested resource" });
        lock (_gate)
        {
            foreach (var (key, (uid, looks)) in _canaries.Where(entry => entry.Value.Looks >= 0).ToArray())
            {
                if (looks == 0)
                    _canaries.Remove(key);
                else
                    _canaries[key] = (uid, LooksToLeave < 0 ? looks : looks - 1);
                if (looks == 0 && Returns-- > 0)
                    _canaries[key] = ($"uid-{++_uids}", -1);
            }

            var items = _canaries.Where(entry => space is null || entry.Key.StartsWith(space + "/", StringComparison.Ordinal)).Select(entry => new
            {
                metadata = new { @namespace = entry.Key.Split('/')[0], name = entry.Key.Split('/')[1], uid = entry.Value.Uid, deletionTimestamp = entry.Value.Looks >= 0 ? "2026-01-01T00:00:00Z" : null },
                status = entry.Value.Looks >= 0 ? new { waitingFor = new { what = "every proxy to acknowledge stable" } } : null,
            }).ToArray();
            return (200, new { kind = "CanaryList", metadata = new { resourceVersion = "1" }, items });
        }
    }

    private (int, object) Delete(string key, string body)
    {
        lock (_gate)
        {
            if (!_canaries.TryGetValue(key, out var canary))
                return (404, new { kind = "Status", message = "not found" });
            using var options = JsonDocument.Parse(body);
            Assert.Equal(canary.Uid, options.RootElement.GetProperty("preconditions").GetProperty("uid").GetString());
            _canaries[key] = (canary.Uid, Math.Max(1, LooksToLeave));
            Deleted.Enqueue(key);
            return (200, new { kind = "Status", status = "Success" });
        }
    }

    private (int, object) Lease(string body)
    {
        LeasePatches.Enqueue(body);
        return (200, new { kind = "Lease", apiVersion = "coordination.k8s.io/v1", metadata = new { name = "lead" } });
    }

    private static Task WriteAsync(HttpContext context, int status, object answer)
    {
        context.Response.StatusCode = status;
        context.Response.ContentType = "application/json";
        return context.Response.WriteAsync(JsonSerializer.Serialize(answer));
    }
}
