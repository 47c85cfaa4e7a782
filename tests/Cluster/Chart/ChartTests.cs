using System.Text.Json;
using k8s;
using k8s.Models;
using MeshCanary.Cluster.Tests.Harness;
using MeshCanary.TestCluster.Running;
using MeshCanary.Testing.Charts;
using MeshCanary.Testing.Waiting;

namespace MeshCanary.Cluster.Tests.Chart;

/// <summary>The life of a release. Definitions and webhooks are the cluster's one and only, so this is one test after another.</summary>
[Collection(ChartAlone.Name)]
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

        Succeeded(await release.WithChartAsync("install", "--take-ownership"));
        await EstablishedAsync(client);
        Succeeded(await release.KubectlAsync("apply", "--dry-run=server", "-f", Path.Combine(HelmRelease.Root, "examples", "kubernetes")));

        // The controller fills in what the chart leaves to it, and an upgrade leaves it alone.
        await Eventually.TrueAsync(
            async () => (await WebhooksAsync(client)).Webhooks is { Count: > 0 },
            Deadline, "the controller has told of its webhooks", cancellation: Stop);
        var bundle = (await WebhooksAsync(client)).Webhooks[0].ClientConfig.CaBundle;
        Succeeded(await release.WithChartAsync("upgrade", "--take-ownership", "--set", "replicas=2,commonLabels.team=web"));
        var kept = await WebhooksAsync(client);
        Assert.Equal("web", kept.Metadata.Labels["team"]);
        Assert.Equal(bundle, kept.Webhooks[0].ClientConfig.CaBundle);

        // A Canary that was never adopted has nothing to give back.
        var canary = JsonSerializer.Deserialize<JsonElement>("""
            {"apiVersion":"meshcanary.io/v1alpha1","kind":"Canary","metadata":{"name":"web","finalizers":["meshcanary.io/release"]},
            "spec":{"workload":{"kind":"Deployment","name":"web"},"service":{"name":"web"},"strategy":{"steps":[{"weight":10}]}}}
            """);
        await client.CustomObjects.CreateNamespacedCustomObjectAsync<JsonElement>(canary, Group, Version, space.Name, "canaries", cancellationToken: Stop);
        var ended = await release.RunAsync("uninstall", "meshcanary", "--timeout", "60s");
        Assert.True(ended.Code == 0, $"{ended.Error}\n{await JobLogAsync(space)}");
        var left = await client.CustomObjects.ListNamespacedCustomObjectAsync<JsonElement>(Group, Version, space.Name, "canaries", cancellationToken: Stop);
        Assert.Empty(left.GetProperty("items").EnumerateArray());
        Assert.DoesNotContain((await client.AdmissionregistrationV1.ListMutatingWebhookConfigurationAsync(cancellationToken: Stop)).Items, item => item.Metadata.Name == "meshcanary");
        Assert.DoesNotContain((await client.AppsV1.ListNamespacedDeploymentAsync(space.Name, cancellationToken: Stop)).Items, item => item.Metadata.Name == "meshcanary");
    }

    private static Task<V1MutatingWebhookConfiguration> WebhooksAsync(Kubernetes client) =>
        client.AdmissionregistrationV1.ReadMutatingWebhookConfigurationAsync("meshcanary", cancellationToken: Stop);

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
