using System.Globalization;
using System.Text.Json;
using k8s;
using k8s.Models;
using MeshCanary.Cluster.Tests.Harness;
using MeshCanary.TestCluster.Load;
using MeshCanary.TestCluster.Running;
using MeshCanary.Testing.Waiting;

namespace MeshCanary.Cluster.Tests.Scenarios;

/// <summary>A service with clients: a Deployment and a Service <c>checkout</c> in a namespace of its own, and what a team does with them.</summary>
internal sealed class Shop(ClusterNamespace space, Installation installation) : IAsyncDisposable
{
    public const string Name = "checkout";

    /// <summary>Wide margins, so that a few hundred requests decide: how sharp the engine is at its own is measured elsewhere.</summary>
    public const string Analysis = """
          analysis:
            interval: 1s
            warmup: 2s
            errors: { tolerate: { absolute: 0.5%, relative: 10% }, harm: { absolute: 10% } }
            latency: { percentiles: [50, 90], tolerate: 150%, harm: 900% }
            overdispersion: { errors: 1, latency: 1 }
            onInconclusive: hold
        """;

    /// <summary>
    /// A container that serves on for a while when its pod is to end: whoever ends pods that a Service lists, and is not the controller, tells
    /// nobody before.
    /// </summary>
    public const string Gentle = "  lifecycle: { preStop: { exec: { command: [sleep, \"2\"] } } }";

    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(120);

    private Uri? _address;
    private ServiceLoad? _load;

    public ClusterNamespace Space => space;

    /// <summary>What the clients met.</summary>
    public ServiceLoad Load => _load ?? throw new InvalidOperationException("Nobody calls yet.");

    /// <summary>A service that runs, and clients that call it.</summary>
    public static async Task<Shop> OpenAsync(Installation installation, int replicas, CancellationToken stop, string container = "", string before = "")
    {
        var space = await installation.Fixture.NamespaceAsync();
        var shop = new Shop(space, installation);
        if (before.Length > 0)
            await space.ApplyAsync(before, stop);
        await space.ApplyAsync(Sample.Deployment(Name, "v1", replicas, container), stop);
        await space.AvailableAsync(Name, stop);
        shop._address = await space.AddressAsync(Name, stop);
        using var client = new HttpClient();
        await Eventually.TrueAsync(
            async () =>
            {
                using var answer = await client.GetAsync(shop._address, stop);
                return answer.IsSuccessStatusCode;
            },
            Deadline, "the service answers", cancellation: stop);
        shop.Call();
        return shop;
    }

    /// <summary>Clients begin to call, after <see cref="CloseAsync"/> once more.</summary>
    public void Call() => _load = ServiceLoad.Start(new LoadPlan(_address!) { RequestsPerSecond = 150 }, TimeProvider.System);

    /// <summary>Puts the service under a Canary.</summary>
    public Task AdoptAsync(
        CancellationToken stop, string steps = "[{ weight: 20, minDuration: 2s, maxDuration: 120s }, { weight: 50, minDuration: 2s, maxDuration: 120s }]",
        string workload = "", string bake = "2s", string deadline = "60s") => space.ApplyAsync(Manifest(Name, steps, workload, bake, deadline), stop);

    /// <summary>A Canary of the service.</summary>
    public static string Manifest(string name, string steps = "[{ weight: 20, minDuration: 2s, maxDuration: 120s }]", string workload = "", string bake = "2s", string deadline = "60s") =>
        string.Create(CultureInfo.InvariantCulture, $$"""
        apiVersion: meshcanary.io/v1alpha1
        kind: Canary
        metadata:
          name: {{name}}
        spec:
          workload: { kind: Deployment, name: {{Name}}, drainTime: 2s{{workload}} }
          service: { name: {{Name}} }
          strategy:
            steps: {{steps}}
          bakeTime: {{bake}}
          progressDeadline: {{deadline}}
        {{Analysis}}
        """);

    /// <summary>Gives the Deployment another image, and whatever else it takes to be that version.</summary>
    public async Task DeployAsync(string version, CancellationToken stop, params string[] arguments)
    {
        var container = new V1Container { Name = "app", Image = $"sample-service:{version}", Args = arguments.Length == 0 ? null : [.. arguments] };
        var patch = new { spec = new { template = new { spec = new { containers = new[] { container } } } } };
        await space.Client.AppsV1.PatchNamespacedDeploymentAsync(
            new V1Patch(KubernetesJson.Serialize(patch), V1Patch.PatchType.StrategicMergePatch), Name, space.Name, fieldManager: "team", cancellationToken: stop);
    }

    /// <summary>The Canary as it is.</summary>
    public async Task<JsonElement> CanaryAsync(CancellationToken stop, string name = Name) => JsonSerializer.SerializeToElement(
        await space.Client.CustomObjects.GetNamespacedCustomObjectAsync<object>("meshcanary.io", "v1alpha1", space.Name, "canaries", name, stop));

    /// <summary>Waits until the status is as wanted.</summary>
    public async Task<JsonElement> UntilAsync(string what, Func<JsonElement, bool> wanted, CancellationToken stop, TimeSpan? within = null, string name = Name)
    {
        var last = default(JsonElement);
        await Eventually.TrueAsync(
            async () =>
            {
                last = await CanaryAsync(stop, name);
                return last.TryGetProperty("status", out var status) && wanted(status);
            },
            within ?? Deadline, what, () => Tell(last), stop);
        return last.GetProperty("status");
    }

    /// <summary>Waits until something of the cluster is so.</summary>
    public Task UntilAsync(string what, Func<Task<bool>> wanted, CancellationToken stop) =>
        Eventually.TrueAsync(wanted, Deadline, what, () => Tell(CanaryAsync(stop).GetAwaiter().GetResult()), stop);

    public Task<JsonElement> PhaseAsync(string phase, CancellationToken stop, TimeSpan? within = null) =>
        UntilAsync($"the Canary is {phase}", status => Text(status, "phase") == phase, stop, within);

    /// <summary>Waits until every proxy gives the canary that share.</summary>
    public Task<JsonElement> ShareAsync(string share, CancellationToken stop) =>
        UntilAsync($"{share} is in force", status => status.TryGetProperty("weights", out var weights) && Text(weights, "acknowledged") == share, stop);

    /// <summary>Waits until an event with that reason was told of the Canary.</summary>
    public Task ToldAsync(string reason, CancellationToken stop) => UntilAsync(
        $"the event {reason} is told",
        async () => (await space.Client.CoreV1.ListNamespacedEventAsync(space.Name, cancellationToken: stop)).Items.Any(told => told.Reason == reason && told.InvolvedObject.Name == Name),
        stop);

    /// <summary>Waits until so many pods of a version are ready, and no more.</summary>
    public Task CountAsync(string version, int count, CancellationToken stop) =>
        UntilAsync($"{count} pods of {version} are ready", async () => (await PodsAsync(version, stop)).Count == count, stop);

    /// <summary>The pods of a version, by what no other pod ever has.</summary>
    public async Task<IReadOnlySet<string>> UidsAsync(string version, CancellationToken stop) => (await PodsAsync(version, stop)).Select(pod => pod.Metadata.Uid).ToHashSet();

    /// <summary>Waits until the Deployment is paused, or is not.</summary>
    public Task PausedAsync(bool paused, CancellationToken stop) =>
        UntilAsync($"the Deployment is {(paused ? "" : "not ")}held", async () => (await DeploymentAsync(stop)).Spec.Paused == true == paused, stop);

    public static string Text(JsonElement status, string name) => status.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString()! : "";

    /// <summary>Ready pods of a version, as the API server has them.</summary>
    public async Task<IReadOnlyList<V1Pod>> PodsAsync(string version, CancellationToken stop) =>
    [
        .. (await space.PodsAsync($"app={Name}", stop)).Where(pod =>
            pod.Metadata.DeletionTimestamp is null && pod.Spec.Containers[0].Image.EndsWith($":{version}", StringComparison.Ordinal)
            && pod.Status.Conditions?.Any(condition => condition.Type == "Ready" && condition.Status == "True") == true),
    ];

    public Task<V1Deployment> DeploymentAsync(CancellationToken stop) => space.Client.AppsV1.ReadNamespacedDeploymentAsync(Name, space.Name, cancellationToken: stop);

    public Task<V1Service> ServiceAsync(CancellationToken stop) => space.Client.CoreV1.ReadNamespacedServiceAsync(Name, space.Name, cancellationToken: stop);

    /// <summary>Deletes the Canary and waits until it has given everything back.</summary>
    public async Task ReleaseAsync(CancellationToken stop)
    {
        await space.Client.CustomObjects.DeleteNamespacedCustomObjectAsync("meshcanary.io", "v1alpha1", space.Name, "canaries", Name, cancellationToken: stop);
        await Eventually.TrueAsync(
            async () => !JsonSerializer.SerializeToElement(await space.Client.CustomObjects.ListNamespacedCustomObjectAsync<object>("meshcanary.io", "v1alpha1", space.Name, "canaries", cancellationToken: stop))
                .GetProperty("items").EnumerateArray().Any(),
            Deadline, "the Canary is gone", () => Tell(CanaryAsync(stop).GetAwaiter().GetResult()), stop);
    }

    /// <summary>Ends the calls; no request may have been lost.</summary>
    public async Task<LoadReport> CloseAsync()
    {
        var report = await Load.StopAsync();
        Assert.True(!report.Lost.Any(), report.ToString());
        return report;
    }

    public async ValueTask DisposeAsync()
    {
        if (_load is not null)
            await _load.DisposeAsync();
        await space.DisposeAsync();
    }

    private string Tell(JsonElement canary)
    {
        if (canary.ValueKind != JsonValueKind.Object || !canary.TryGetProperty("status", out var status))
            return "there is no status yet";
        var shown = JsonSerializer.Deserialize<Dictionary<string, JsonElement>>(status)!;
        shown.Remove("engine");
        return $"{JsonSerializer.Serialize(shown)}\n{Load.Report}\n{installation.LogsAsync().GetAwaiter().GetResult()}";
    }
}
