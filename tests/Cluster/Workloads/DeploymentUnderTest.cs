using System.Globalization;
using System.Text.Json;
using k8s;
using k8s.Models;
using MeshCanary.Cluster.Tests.Crds;
using MeshCanary.Cluster.Tests.Harness;
using MeshCanary.Cluster.Tests.Machinery;
using MeshCanary.Controller.Crds;
using MeshCanary.Controller.Workloads;
using MeshCanary.Controller.Workloads.InPlace.Driving;
using MeshCanary.Machinery;
using MeshCanary.Rollouts.Deciding;
using MeshCanary.Rollouts.Revisions;
using MeshCanary.Rollouts.Specs;
using MeshCanary.Splitting.Weights;
using MeshCanary.TestCluster.Running;
using Microsoft.Extensions.Logging.Abstractions;

namespace MeshCanary.Cluster.Tests.Workloads;

/// <summary>A Deployment of a test, with a Canary object and whoever drives it.</summary>
internal sealed class DeploymentUnderTest : IAsyncDisposable
{
    public const string Name = "web";

    private const string Canary = """
        apiVersion: meshcanary.io/v1alpha1
        kind: Canary
        metadata: { name: web }
        spec:
          workload: { kind: Deployment, name: web }
          service: { name: web }
          strategy: { steps: [{ weight: 10 }] }
        """;

    private readonly ClusterFixture _fixture;
    private readonly CanaryManifest _manifest;
    private readonly string _uid;
    private ClusterAccess? _access;
    private CancellationTokenSource? _stop;
    private Task _work = Task.CompletedTask;

    private DeploymentUnderTest(ClusterFixture fixture, ClusterNamespace space, DeploymentSpec settings, string uid)
    {
        (_fixture, Space, _uid) = (fixture, space, uid);
        _manifest = new CanaryManifest
        {
            Name = Name,
            Namespace = space.Name,
            Spec = new CanarySpec
            {
                Workload = new WorkloadSpec { Kind = "Deployment", Name = Name, Deployment = settings, DrainTime = TimeSpan.FromSeconds(1) },
                Service = new ServiceSpec { Name = Name },
                Strategy = new StrategySpec { Steps = [new StepSpec { Weight = new BasisPoints(1000) }] },
            },
        };
    }

    public ClusterNamespace Space { get; }

    public InPlaceWorkload Workload { get; private set; } = null!;

    public string Key => _manifest.Key;

    public WorkloadSight Sight => Workload.Read(Key);

    public Revision Home => Sight.Observation!.Home!;

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    /// <summary>A Deployment with a history, adopted.</summary>
    public static async Task<DeploymentUnderTest> AdoptedAsync(ClusterFixture fixture, DeploymentSpec? settings = null, int replicas = 3, string container = "")
    {
        var space = await fixture.NamespaceAsync();
        using var kubectl = await CrdTests.InstallAsync(space);
        foreach (var version in (string[])["v0", "v1"])
        {
            await space.ApplyAsync(Sample.Deployment(Name, version, replicas, container), Stop);
            await space.AvailableAsync(Name, Stop);
        }

        await kubectl.RunAsync("apply -f -", Canary);
        var canary = KubernetesJson.Deserialize<CanaryObject>(await kubectl.RunAsync($"get canary {Name} -o json"));
        var made = new DeploymentUnderTest(fixture, space, settings ?? new DeploymentSpec(), canary.Metadata.Uid);
        made.Start();
        await made.WhenAsync(() => made.Workload.FindStable(made.Key) is not null, "the stable revision is known");
        await made.ReachAsync(made.Home);
        return made;
    }

    /// <summary>A new process takes over.</summary>
    /// <param name="way">By which way it reaches the API server; straight where there is none.</param>
    public void Start(Uri? way = null)
    {
        _access = _fixture.Machinery(way);
        _stop = new CancellationTokenSource();
        Workload = new InPlaceWorkload(_access, Space.Name, _ => { }, TimeProvider.System, NullLogger.Instance);
        _work = Task.WhenAll(Workload.WatchAsync(_stop.Token), Workload.DriveAsync(_stop.Token, _stop.Token));
        Workload.Manage(_uid, _manifest);
    }

    /// <summary>The process dies.</summary>
    public async Task KillAsync()
    {
        await _stop!.CancelAsync();
        await _work;
        Workload.Dispose();
        _access!.Dispose();
        _stop.Dispose();
    }

    /// <summary>Asks for a plan.</summary>
    public void Ask(Revision home, params (Revision Revision, int? Share)[] arms) => Workload.Apply(
        Key, new WorkloadPlan(home, [.. arms.Select(arm => new ArmPlan(arm.Revision, arm.Share is { } share ? new BasisPoints(share) : null))]));

    /// <summary>Asks for a plan and waits until it is reached.</summary>
    public async Task ReachAsync(Revision home, params (Revision Revision, int? Share)[] arms)
    {
        Ask(home, arms);
        await WhenAsync(() => Workload.HasReached(Key), "the plan is reached");
    }

    /// <summary>Writes another version, held in the same write as the webhook holds it.</summary>
    public async Task<Revision> DeployAsync(string version, bool held = true)
    {
        var before = Sight.Target;
        var home = Sight.Observation!.Home?.Name;
        await PatchAsync(new
        {
            metadata = new { annotations = held ? new Dictionary<string, string?> { [ApiNames.HeldAnnotation] = home } : [] },
            spec = new Dictionary<string, object>
            {
                ["paused"] = held,
                ["template"] = new { spec = new { containers = new[] { new { name = "app", image = $"sample-service:{version}" } } } },
            },
        });
        await WhenAsync(() => Sight.Target is { } target && target != before, "the new revision is seen");
        return Sight.Target!;
    }

    /// <summary>Merges something into the Deployment, as a person does.</summary>
    public Task PatchAsync(object patch) => Space.Client.AppsV1.PatchNamespacedDeploymentAsync(
        new V1Patch(JsonSerializer.Serialize(patch), V1Patch.PatchType.StrategicMergePatch), Name, Space.Name, cancellationToken: Stop);

    public Task<V1Deployment> ReadAsync() => Space.Client.AppsV1.ReadNamespacedDeploymentAsync(Name, Space.Name, cancellationToken: Stop);

    /// <summary>Uids of the pods that run and are not about to end, by version of their image.</summary>
    public async Task<ILookup<string, string>> PodsAsync() => (await Space.PodsAsync($"app={Name}", Stop))
        .Where(pod => pod.Metadata.DeletionTimestamp is null)
        .ToLookup(pod => pod.Spec.Containers[0].Image.Split(':')[1], pod => pod.Metadata.Uid);

    /// <summary>Waits for a number of pods of a version, and for no others of it.</summary>
    public Task PodsAsync(string version, int count) => Testing.Waiting.Eventually.TrueAsync(
        async () => (await PodsAsync())[version].Count() == count, TimeSpan.FromSeconds(60), $"{count} pods of {version} run", cancellation: Stop);

    public Task WhenAsync(Func<bool> condition, string because) => Reach.WhenAsync(condition, because, Describe);

    public async ValueTask DisposeAsync()
    {
        await KillAsync();
        await Space.DisposeAsync();
    }

    private string Describe()
    {
        var sight = Sight;
        return string.Create(
            CultureInfo.InvariantCulture,
            $"home {sight.Observation?.Home?.Name}, target {sight.Target?.Name}, taken over {sight.Observation?.TakenOver?.Name}, ready {string.Join(", ", sight.Ready.Select(pair => $"{pair.Key}={pair.Value}"))}, problem {sight.Observation?.Problem}");
    }
}
