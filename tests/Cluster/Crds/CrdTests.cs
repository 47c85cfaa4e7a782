using System.Runtime.CompilerServices;
using System.Text.Json;
using k8s;
using MeshCanary.Analysis.Judging;
using MeshCanary.Cluster.Tests.Harness;
using MeshCanary.Controller.Crds;
using MeshCanary.Controller.Crds.Generating;
using MeshCanary.Controller.Crds.Statuses;
using MeshCanary.Rollouts.Specs.Parsing;
using MeshCanary.Rollouts.States;
using MeshCanary.Testing.Waiting;

namespace MeshCanary.Cluster.Tests.Crds;

public sealed class CrdTests(ClusterFixture fixture)
{
    // One cluster for all tests: the definitions are put there once.
    private static readonly SemaphoreSlim Installing = new(1, 1);

    private const string Least = """
        apiVersion: meshcanary.io/v1alpha1
        kind: Canary
        metadata: { name: checkout }
        spec:
          workload: { kind: Deployment, name: checkout }
          service: { name: checkout }
          strategy: { steps: [{ weight: 12.5 }, { weight: "50%" }], circuit: on }
        """;

    [Fact]
    public async Task Explain_Fields_AreReadable()
    {
        await using var space = await fixture.NamespaceAsync();
        using var kubectl = await InstallAsync(space);
        var steps = Flat(await kubectl.RunAsync("explain canary.spec.strategy.steps"));
        Assert.Contains("Shortest time at this weight, however good the evidence. Default: three intervals.", steps, StringComparison.Ordinal);
        Assert.Contains("weight <>", steps, StringComparison.Ordinal);
        Assert.Contains("provider <Object> -required- Who answers the query.", Flat(await kubectl.RunAsync("explain metrictemplate.spec")), StringComparison.Ordinal);
        Assert.Contains("What the rollout waits for", Flat(await kubectl.RunAsync("explain canary.status")), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Canary_WithEveryField_IsKeptAndReadBack()
    {
        await using var space = await fixture.NamespaceAsync();
        using var kubectl = await InstallAsync(space);
        var spec = await File.ReadAllTextAsync(Full(), TestContext.Current.CancellationToken);
        await kubectl.RunAsync("apply -f -", $$"""{"apiVersion":"meshcanary.io/v1alpha1","kind":"Canary","metadata":{"name":"checkout"},"spec":{{spec}}}""");
        var canary = KubernetesJson.Deserialize<CanaryObject>(await kubectl.RunAsync("get canary checkout -o json"));
        var read = CanaryManifestReader.ReadObject(canary.Spec, space.Name, "checkout");
        Assert.Empty(read.Errors.Select(error => error.Said));
        using var written = JsonDocument.Parse(spec);
        Assert.Equal(Text(CanaryManifestReader.ReadObject(written.RootElement, space.Name, "checkout")), Text(read));
    }

    [Fact]
    public async Task Status_Written_IsReadBackAndShown()
    {
        await using var space = await fixture.NamespaceAsync();
        using var kubectl = await InstallAsync(space);
        await kubectl.RunAsync("apply -f -", Least);
        var canary = KubernetesJson.Deserialize<CanaryObject>(await kubectl.RunAsync("get can checkout -o json"));
        var now = new DateTimeOffset(2026, 3, 4, 5, 6, 7, TimeSpan.Zero);
        canary.Status = new CanaryStatus
        {
            ObservedGeneration = 1,
            Phase = Phase.Progressing,
            Step = "2/4",
            Weights = new CanaryWeights { Desired = "10%", Acknowledged = "10%", Measured = "9.87%" },
            StableRevision = "aaaaaaaaaa",
            CanaryRevision = "bbbbbbbbbb",
            FailedRevision = "cccccccccc",
            RunId = "r1",
            Verdict = new CanaryVerdict { Kind = VerdictKind.NotEnoughData, Score = 61, Reason = "so far", Eta = now },
            WaitingFor = new CanaryWait { What = "evidence", Since = now, Until = now, Then = "it is held" },
            Endpoints = new CanaryEndpoints { Stable = 3, Canary = 2 },
            Conditions = [new CanaryCondition { Type = ConditionTypes.Ready, Status = "True", ObservedGeneration = 1, LastTransitionTime = now, Reason = "Adopted", Message = "All is well." }],
            Engine = "H4sI",
        };
        using var body = JsonDocument.Parse(KubernetesJson.Serialize(canary));
        await space.Client.CustomObjects.ReplaceNamespacedCustomObjectStatusAsync(
            body.RootElement, ApiNames.Group, ApiNames.Version, space.Name, ApiNames.Canaries, "checkout", cancellationToken: TestContext.Current.CancellationToken);
        var read = KubernetesJson.Deserialize<CanaryObject>(await kubectl.RunAsync("get can checkout -o json")).Status!;
        Assert.Equal(KubernetesJson.Serialize(canary.Status), KubernetesJson.Serialize(read));
        var shown = Flat(await kubectl.RunAsync("get can"));
        Assert.Contains("NAME PHASE WEIGHT STEP SCORE WAITING AGE checkout Progressing 10% 2/4 61 evidence", shown, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("weight: 12.5", "wieght: 12.5", "wieght")]
    [InlineData("circuit: on", "circut: on", "circut")]
    [InlineData("service: { name: checkout }", "service: { name: checkout, nmae: x }", "nmae")]
    public async Task Field_Unknown_IsNamedByKubectl(string right, string wrong, string name)
    {
        await using var space = await fixture.NamespaceAsync();
        using var kubectl = await InstallAsync(space);
        var text = Least.Replace(right, wrong, StringComparison.Ordinal);
        Assert.Contains(name, await kubectl.RefusedAsync("apply -f -", text), StringComparison.Ordinal);
        Assert.Contains(name, await kubectl.RefusedAsync("create -f -", text), StringComparison.Ordinal);
        Assert.Contains(name, await kubectl.RefusedAsync("apply --server-side -f -", text), StringComparison.Ordinal);
    }

    // The net below the webhooks.
    [Theory]
    [InlineData("kind: Deployment", "kind: StatefulSet", "spec.workload.kind")]
    [InlineData("circuit: on", "circuit: on, type: shadow", "spec.strategy.type")]
    [InlineData("service: { name: checkout }", "service: { name: Checkout }", "spec.service.name")]
    [InlineData("service: { name: checkout }", "service: {}", "spec.service.name")]
    [InlineData("service: { name: checkout }", "service: { name: checkout }\n  bakeTime: 10", "spec.bakeTime")]
    public async Task Value_OfAWrongForm_IsRefusedByTheSchema(string right, string wrong, string path)
    {
        await using var space = await fixture.NamespaceAsync();
        using var kubectl = await InstallAsync(space);
        Assert.Contains(path, await kubectl.RefusedAsync("apply --validate=false -f -", Least.Replace(right, wrong, StringComparison.Ordinal)), StringComparison.Ordinal);
    }

    internal static async Task<Kubectl> InstallAsync(TestCluster.Running.ClusterNamespace space)
    {
        var kubectl = new Kubectl(space);
        await Installing.WaitAsync(TestContext.Current.CancellationToken);
        try
        {
            if ((await kubectl.TryAsync("explain canary.spec.strategy")).ExitCode != 0)
                await InstallAsync(kubectl);
            return kubectl;
        }
        finally
        {
            Installing.Release();
        }
    }

    private static async Task InstallAsync(Kubectl kubectl)
    {
        await kubectl.RunAsync("apply -f -", string.Join("---\n", CrdFiles.All.Select(file => file.Value)));
        await kubectl.RunAsync("wait --for=condition=Established --timeout=60s crd/canaries.meshcanary.io crd/metrictemplates.meshcanary.io");
        // kubectl's own check of fields begins when the server has published them.
        await Eventually.TrueAsync(
            async () => (await kubectl.TryAsync("explain canary.spec.strategy")).ExitCode == 0 && (await kubectl.TryAsync("explain metrictemplate.spec.query")).ExitCode == 0,
            TimeSpan.FromSeconds(60), "the definitions are published", cancellation: TestContext.Current.CancellationToken);
    }

    private static string Flat(string text) => string.Join(' ', text.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries));

    private static string Text(ManifestReadResult read) => JsonSerializer.Serialize(read.Manifests, Controller.Api.ApiJson.Options);

    private static string Full([CallerFilePath] string here = "") =>
        Path.Combine(Path.GetDirectoryName(here)!, "..", "..", "Controller", "Crds", "full.json");
}
