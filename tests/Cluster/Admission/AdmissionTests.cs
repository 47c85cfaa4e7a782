using System.Text.Json;
using k8s;
using MeshCanary.Cluster.Tests.Crds;
using MeshCanary.Cluster.Tests.Harness;
using MeshCanary.Controller.Admission.Certifying;
using MeshCanary.Controller.Admission.Serving;
using MeshCanary.TestCluster.Running;
using MeshCanary.Testing.Waiting;
using Microsoft.Extensions.Logging.Abstractions;

namespace MeshCanary.Cluster.Tests.Admission;

public sealed class AdmissionTests(ClusterFixture fixture)
{
    private const string AsUs = $"--as {Webhooks.Us} --as-group system:masters";

    private const string Service = """
        apiVersion: v1
        kind: Service
        metadata: { name: web }
        spec:
          selector: { app: web }
          ports: [{ name: http, port: 80, targetPort: http, protocol: TCP }]
        """;

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Canary_Refused_IsToldInWordsBeforeTheSchema()
    {
        await using var space = await fixture.NamespaceAsync();
        using var kubectl = await CrdTests.InstallAsync(space);
        await using var webhooks = await Webhooks.StartAsync(space);
        const string canary = """
            apiVersion: meshcanary.io/v1alpha1
            kind: Canary
            metadata: { name: checkout }
            spec:
              workload: { kind: StatefulSet, name: db }
              service: { name: checkout }
              strategy: { steps: [{ weight: 10 }, { weight: 5 }] }
              analysis: { interval: 10 }
              onFailur: hold
            """;
        var told = await kubectl.RefusedAsync("apply --validate=false -f -", canary);
        Assert.Contains("spec.workload.kind: the workload kind 'StatefulSet' is not supported on Kubernetes", told, StringComparison.Ordinal);
        Assert.Contains("spec.strategy.steps[1].weight: 5% does not rise above the step before it, 10%.", told, StringComparison.Ordinal);
        Assert.Contains("spec.analysis.interval: '10' has no unit. Write 10s if seconds are meant.", told, StringComparison.Ordinal);
        Assert.Contains("spec.onFailur: unknown field 'onFailur'. Did you mean 'onFailure'?", told, StringComparison.Ordinal);

        const string good = """
            apiVersion: meshcanary.io/v1alpha1
            kind: Canary
            metadata: { name: checkout }
            spec:
              workload: { kind: Deployment, name: web }
              service: { name: checkout }
              strategy: { steps: [{ weight: 10 }] }
            """;
        webhooks.Claims.Add(new("other", "Deployment web", "web"));
        Assert.Contains("spec.workload.name: the Deployment web is under the Canary other already.", await kubectl.RefusedAsync("apply -f -", good), StringComparison.Ordinal);
        await kubectl.RunAsync("apply -f -", good.Replace("name: web", "name: checkout", StringComparison.Ordinal));
        Assert.Contains("holds credentials", await kubectl.RefusedAsync("create -f -", """
            apiVersion: meshcanary.io/v1alpha1
            kind: MetricTemplate
            metadata: { name: orders }
            spec: { provider: { type: prometheus, address: "http://a:b@prometheus:9090" }, query: up }
            """), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("apply")]
    [InlineData("apply --server-side --force-conflicts")]
    [InlineData("replace")]
    [InlineData("set image")]
    [InlineData("rollout restart")]
    public async Task Deployment_ChangedInAnyWay_IsHeldInTheSameWrite(string how)
    {
        await using var space = await fixture.NamespaceAsync();
        using var kubectl = new Kubectl(space);
        await using var webhooks = await Webhooks.StartAsync(space);
        await AdoptAsync(kubectl, webhooks);

        await ChangeAsync(kubectl, how);
        await HeldAsync(space);
        // Again, as GitOps does every few seconds: nothing gets by.
        if (how is not "rollout restart")
        {
            await ChangeAsync(kubectl, how);
            await HeldAsync(space);
        }
    }

    [Fact]
    public async Task Resume_ByHand_RollsOutAndIsRecorded()
    {
        await using var space = await fixture.NamespaceAsync();
        using var kubectl = new Kubectl(space);
        await using var webhooks = await Webhooks.StartAsync(space);
        await AdoptAsync(kubectl, webhooks);
        await ChangeAsync(kubectl, "replace");
        await HeldAsync(space);

        var told = await kubectl.TryAsync("rollout resume deployment/web");
        Assert.Contains("the hold is lifted by hand", told.Errors, StringComparison.Ordinal);
        var resumed = await space.Client.AppsV1.ReadNamespacedDeploymentAsync("web", space.Name, cancellationToken: Stop);
        Assert.NotEqual(true, resumed.Spec.Paused);
        Assert.False(resumed.Metadata.Annotations.ContainsKey("meshcanary.io/held"));
        Assert.NotEmpty(resumed.Metadata.Annotations["meshcanary.io/resumed-by"]);
        await Eventually.TrueAsync(async () => (await SetsAsync(space)) == 2, TimeSpan.FromSeconds(30), "the new version rolls out", cancellation: Stop);
    }

    [Theory]
    [InlineData("apply")]
    [InlineData("apply --server-side --force-conflicts")]
    [InlineData("replace")]
    public async Task Service_AppliedAgain_KeepsItsSelector(string how)
    {
        await using var space = await fixture.NamespaceAsync();
        using var kubectl = new Kubectl(space);
        await using var webhooks = await Webhooks.StartAsync(space);
        await kubectl.RunAsync("apply -f -", Service);
        await kubectl.RunAsync($"label service web meshcanary.io/managed=true {AsUs}");
        await kubectl.RunAsync($"patch service web --type=json {AsUs} -p", "", """
            [{"op":"replace","path":"/spec/selector","value":{"meshcanary.io/proxy":"web"}},
             {"op":"add","path":"/metadata/annotations/meshcanary.io~1original-selector","value":"{\"app\":\"web\"}"}]
            """);

        // A replace before 1.21 has to name the address.
        var address = (await space.Client.CoreV1.ReadNamespacedServiceAsync("web", space.Name, cancellationToken: Stop)).Spec.ClusterIP;
        var manifest = how == "replace" ? Service.Replace("spec:", $"spec:\n  clusterIP: {address}", StringComparison.Ordinal) : Service;
        for (var round = 0; round < 2; round++)
        {
            await kubectl.RunAsync($"{how} -f -", manifest);
            var kept = await space.Client.CoreV1.ReadNamespacedServiceAsync("web", space.Name, cancellationToken: Stop);
            Assert.Equal(new Dictionary<string, string> { ["meshcanary.io/proxy"] = "web" }, kept.Spec.Selector);
            Assert.Equal("""{"app":"web"}""", kept.Metadata.Annotations["meshcanary.io/original-selector"]);
            Assert.Equal("true", kept.Metadata.Labels["meshcanary.io/managed"]);
        }

        var changed = await kubectl.TryAsync($"{how} -f -", manifest.Replace("{ app: web }", "{ app: web, tier: front }", StringComparison.Ordinal));
        Assert.Contains("the selector stays as the Canary has set it", changed.Errors, StringComparison.Ordinal);
        var noted = await space.Client.CoreV1.ReadNamespacedServiceAsync("web", space.Name, cancellationToken: Stop);
        Assert.Equal(new Dictionary<string, string> { ["meshcanary.io/proxy"] = "web" }, noted.Spec.Selector);
        Assert.Equal("""{"app":"web","tier":"front"}""", noted.Metadata.Annotations["meshcanary.io/original-selector"]);
    }

    [Fact]
    public async Task Server_Gone_BlocksNothing()
    {
        await using var space = await fixture.NamespaceAsync();
        using var kubectl = await CrdTests.InstallAsync(space);
        await using var webhooks = await Webhooks.StartAsync(space);
        await AdoptAsync(kubectl, webhooks);
        await webhooks.StopServerAsync();
        await ChangeAsync(kubectl, "apply");
        await Eventually.TrueAsync(async () => (await SetsAsync(space)) == 2, TimeSpan.FromSeconds(30), "the new version rolls out", cancellation: Stop);
        await kubectl.RunAsync("apply -f -", """
            apiVersion: meshcanary.io/v1alpha1
            kind: Canary
            metadata: { name: web }
            spec:
              workload: { kind: Deployment, name: web }
              service: { name: web }
              strategy: { steps: [{ weight: 10 }] }
            """);
        await kubectl.RunAsync("delete canary web --wait=true --timeout=30s");
    }

    [Fact]
    public async Task Secret_OfManyReplicas_IsMadeOnce()
    {
        await using var space = await fixture.NamespaceAsync();
        var bundles = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => Task.Run(
            () => new CertificateKeeper(new KubernetesSecretStore(space.Client, space.Name, "shared"), new CertificatePlan(["a.b.svc"]), new ServingCertificate(), TimeProvider.System, NullLogger<CertificateKeeper>.Instance).RefreshAsync(Stop), Stop)));
        Assert.Single(bundles.Distinct());
    }

    /// <summary>Brings a Deployment to where adoption leaves it: marked, and its promoted template known.</summary>
    private static async Task AdoptAsync(Kubectl kubectl, Webhooks webhooks)
    {
        await kubectl.RunAsync("apply -f -", Deployment("v1"));
        await kubectl.RunAsync($"label deployment web meshcanary.io/managed=true {AsUs}");
        await kubectl.RunAsync($"annotate deployment web meshcanary.io/canary=web {AsUs}");
        await kubectl.RunAsync("wait deployment web --for=condition=Available --timeout=60s");
        using var deployment = JsonDocument.Parse(await kubectl.RunAsync("get deployment web -o json"));
        using var sets = JsonDocument.Parse(await kubectl.RunAsync("get replicasets -o json"));
        webhooks.Held[deployment.RootElement.GetProperty("metadata").GetProperty("uid").GetString()!] =
            new("rev1", sets.RootElement.GetProperty("items")[0].GetProperty("spec").GetProperty("template").Clone());
    }

    private static Task<string> ChangeAsync(Kubectl kubectl, string how) => how switch
    {
        "set image" => kubectl.RunAsync("set image deployment/web app=sample-service:v2"),
        "rollout restart" => kubectl.RunAsync("rollout restart deployment/web"),
        _ => kubectl.RunAsync($"{how} -f -", Deployment("v2")),
    };

    /// <summary>Held, also after the Deployment's controller has seen the change: it has made no ReplicaSet of it.</summary>
    private static async Task HeldAsync(ClusterNamespace space)
    {
        await Eventually.TrueAsync(
            async () =>
            {
                var seen = await space.Client.AppsV1.ReadNamespacedDeploymentAsync("web", space.Name, cancellationToken: Stop);
                Assert.True(seen.Spec.Paused);
                Assert.Equal("rev1", seen.Metadata.Annotations["meshcanary.io/held"]);
                Assert.Equal("web", seen.Metadata.Annotations["meshcanary.io/canary"]);
                Assert.Equal("true", seen.Metadata.Labels["meshcanary.io/managed"]);
                return seen.Status.ObservedGeneration >= seen.Metadata.Generation;
            },
            TimeSpan.FromSeconds(30), "the change is seen", cancellation: Stop);
        Assert.Equal(1, await SetsAsync(space));
    }

    private static async Task<int> SetsAsync(ClusterNamespace space) =>
        (await space.Client.AppsV1.ListNamespacedReplicaSetAsync(space.Name, cancellationToken: Stop)).Items.Count;

    // Without pods: whether a version would start is told by its ReplicaSet.
    private static string Deployment(string version) => $$"""
        apiVersion: apps/v1
        kind: Deployment
        metadata: { name: web }
        spec:
          replicas: 0
          selector: { matchLabels: { app: web } }
          template:
            metadata: { labels: { app: web } }
            spec: { containers: [{ name: app, image: "sample-service:{{version}}" }] }
        """;
}
