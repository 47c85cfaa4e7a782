using System.Text;
using System.Text.Json;
using k8s;
using k8s.Models;
using MeshCanary.Cluster.Tests.Harness;
using MeshCanary.TestCluster.Running;
using MeshCanary.Testing.Charts;
using MeshCanary.Testing.Waiting;

namespace MeshCanary.Cluster.Tests.Chart;

/// <summary>The life of a release. Definitions and webhooks are the cluster's one and only, so this is one test after another.</summary>
public sealed class ChartTests(ClusterFixture fixture)
{
    private const string Group = "meshcanary.io";
    private const string Version = "v1alpha1";

    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(60);

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Release_FromInstallToUninstall_KeepsWhatIsTheControllersAndReleasesEveryCanary()
    {
        await using var space = await fixture.NamespaceAsync();
        using var release = new HelmRelease(space);
        var client = (Kubernetes)space.Client;

        Succeeded(await release.WithChartAsync("install"));
        await EstablishedAsync(client);
        Succeeded(await release.KubectlAsync("apply", "--dry-run=server", "-f", Path.Combine(HelmRelease.Root, "examples", "kubernetes")));

        // As the controller does it.
        const string Webhooks = """
            {"apiVersion":"admissionregistration.k8s.io/v1","kind":"MutatingWebhookConfiguration","metadata":{"name":"meshcanary"},"webhooks":[{"name":"a.meshcanary.io",
            "clientConfig":{"caBundle":"CA","url":"https://127.0.0.1:1/x"},"failurePolicy":"Ignore","sideEffects":"None","admissionReviewVersions":["v1"]}]}
            """;
        var bundle = Convert.ToBase64String(Encoding.ASCII.GetBytes(fixture.Cluster.Authority.RootPem));
        await client.AdmissionregistrationV1.PatchMutatingWebhookConfigurationAsync(
            new V1Patch(Webhooks.Replace("\"CA\"", $"\"{bundle}\"", StringComparison.Ordinal), V1Patch.PatchType.ApplyPatch), "meshcanary", fieldManager: "meshcanary", force: true, cancellationToken: Stop);
        Succeeded(await release.WithChartAsync("upgrade", "--set", "replicas=2,commonLabels.team=web"));
        var kept = await client.AdmissionregistrationV1.ReadMutatingWebhookConfigurationAsync("meshcanary", cancellationToken: Stop);
        Assert.Equal("web", kept.Metadata.Labels["team"]);
        Assert.Equal(bundle, Convert.ToBase64String(Assert.Single(kept.Webhooks).ClientConfig.CaBundle));

        // A Canary that nobody releases holds the uninstall up, and nothing is taken away.
        var canary = JsonSerializer.Deserialize<JsonElement>("""
            {"apiVersion":"meshcanary.io/v1alpha1","kind":"Canary","metadata":{"name":"web","finalizers":["meshcanary.io/release"]},
            "spec":{"workload":{"kind":"Deployment","name":"web"},"service":{"name":"web"},"strategy":{"steps":[{"weight":10}]}}}
            """);
        await client.CustomObjects.CreateNamespacedCustomObjectAsync<JsonElement>(canary, Group, Version, space.Name, "canaries", cancellationToken: Stop);
        Succeeded(await release.WithChartAsync("upgrade", "--set", "replicas=2,uninstall.timeout=2s"));
        var held = await release.RunAsync("uninstall", "meshcanary", "--timeout", "60s");
        Assert.NotEqual(0, held.Code);
        Assert.Contains($"1 Canary is still there after 2 s: {space.Name}/web.", await JobLogAsync(space), StringComparison.Ordinal);
        Assert.NotNull(await client.AppsV1.ReadNamespacedDeploymentAsync("meshcanary", space.Name, cancellationToken: Stop));

        // With a controller's answer it goes on to the end; definitions stay.
        var uninstall = release.RunAsync("uninstall", "meshcanary", "--timeout", "60s");
        const string Released = """{"metadata":{"finalizers":null}}""";
        await client.CustomObjects.PatchNamespacedCustomObjectAsync<JsonElement>(
            new V1Patch(Released, V1Patch.PatchType.MergePatch), Group, Version, space.Name, "canaries", "web", cancellationToken: Stop);
        var ended = await uninstall;
        Assert.True(ended.Code == 0, $"{ended.Error}\n{await JobLogAsync(space)}");
        var left = await client.CustomObjects.ListNamespacedCustomObjectAsync<JsonElement>(Group, Version, space.Name, "canaries", cancellationToken: Stop);
        Assert.Empty(left.GetProperty("items").EnumerateArray());
        Assert.DoesNotContain((await client.AdmissionregistrationV1.ListMutatingWebhookConfigurationAsync(cancellationToken: Stop)).Items, item => item.Metadata.Name == "meshcanary");
        Assert.DoesNotContain((await client.AppsV1.ListNamespacedDeploymentAsync(space.Name, cancellationToken: Stop)).Items, item => item.Metadata.Name == "meshcanary");
    }

    private static async Task EstablishedAsync(Kubernetes client)
    {
        await Eventually.TrueAsync(
            async () => (await client.ApiextensionsV1.ListCustomResourceDefinitionAsync(cancellationToken: Stop)).Items
                .Where(item => item.Spec.Group == Group)
                .Count(item => item.Status?.Conditions?.Any(condition => condition is { Type: "Established", Status: "True" }) == true) == 2,
            Deadline, "both definitions are served", cancellation: Stop);
        var scheme = await client.ApiextensionsV1.ReadCustomResourceDefinitionAsync("canaries.meshcanary.io", cancellationToken: Stop);
        Assert.DoesNotContain(scheme.Status.Conditions, condition => condition.Type == "NonStructuralSchema" && condition.Status == "True");
    }

    private static async Task<string> JobLogAsync(ClusterNamespace space) => string.Join(
        '\n', (await space.PodsAsync("app.kubernetes.io/component=release", Stop)).Select(pod => space.Cluster.Logs(space.Name, pod.Metadata.Name, "release")));

    private static void Succeeded(ToolRun run) => Assert.True(run.Code == 0, $"it failed ({run.Code}): {run.Error}\n{run.Out}");
}
