using System.Text.Json;
using k8s;
using k8s.Models;
using MeshCanary.Testing.Waiting;

namespace MeshCanary.Cluster.Tests.Scenarios;

/// <summary>What a Service and a Deployment look like that nobody controls.</summary>
internal static class Given
{
    private const string Prefix = "meshcanary.io/";

    /// <summary>Waits until nothing of ours is left in the shop's namespace, and its Service leads to its own pods.</summary>
    /// <param name="shop">The shop.</param>
    /// <param name="paused">Whether the Deployment is to be paused.</param>
    /// <param name="stop">Ends the wait.</param>
    public static async Task BackAsync(Shop shop, bool paused, CancellationToken stop)
    {
        var left = "";
        await Eventually.TrueAsync(
            async () => (left = string.Join("; ", await LeftAsync(shop, paused, stop))).Length == 0,
            TimeSpan.FromSeconds(60), "nothing of ours is left", () => left, stop);
    }

    /// <summary>The uids of a version's pods.</summary>
    public static async Task<HashSet<string>> UidsAsync(this Shop shop, string version, CancellationToken stop) =>
        [.. (await shop.PodsAsync(version, stop)).Select(pod => pod.Metadata.Uid)];

    private static async Task<List<string>> LeftAsync(Shop shop, bool paused, CancellationToken stop)
    {
        var (client, space) = (shop.Space.Client, shop.Space.Name);
        var (service, deployment) = (await shop.ServiceAsync(stop), await shop.DeploymentAsync(stop));
        var left = Marks("Service", service.Metadata).Concat(Marks("Deployment", deployment.Metadata)).ToList();
        var selector = JsonSerializer.Serialize(service.Spec.Selector);
        if (selector != $$"""{"app":"{{Shop.Name}}"}""")
            left.Add($"the selector is {selector}");
        if ((deployment.Spec.Paused == true) != paused)
            left.Add($"paused is {deployment.Spec.Paused}");
        left.AddRange((await client.AppsV1.ListNamespacedDeploymentAsync(space, cancellationToken: stop)).Items.Select(one => one.Metadata.Name).Where(name => name != Shop.Name));
        left.AddRange((await client.CoreV1.ListNamespacedServiceAsync(space, cancellationToken: stop)).Items.Select(one => one.Metadata.Name).Where(name => name != Shop.Name));
        left.AddRange((await client.BudgetsAsync(space, stop)).Select(name => $"budget {name}"));
        left.AddRange((await client.AppsV1.ListNamespacedReplicaSetAsync(space, cancellationToken: stop)).Items
            .Where(set => set.Metadata.OwnerReferences?.All(owner => owner.Kind == "Deployment") != true).Select(set => $"ReplicaSet {set.Metadata.Name}"));
        return left;
    }

    // Kubernetes 1.25 has no v1beta1 any more, and 1.20 no v1 yet.
    private static async Task<IEnumerable<string>> BudgetsAsync(this IKubernetes client, string space, CancellationToken stop)
    {
        var version = (await client.Apis.GetAPIVersionsAsync(stop)).Groups.Single(group => group.Name == "policy").PreferredVersion.Version;
        var budgets = await client.CustomObjects.ListNamespacedCustomObjectAsync<object>("policy", version, space, "poddisruptionbudgets", cancellationToken: stop);
        return JsonSerializer.SerializeToElement(budgets).GetProperty("items").EnumerateArray().Select(one => one.GetProperty("metadata").GetProperty("name").GetString()!);
    }

    private static IEnumerable<string> Marks(string kind, V1ObjectMeta meta) =>
        (meta.Labels?.Keys ?? []).Concat(meta.Annotations?.Keys ?? []).Where(key => key.StartsWith(Prefix, StringComparison.Ordinal)).Select(key => $"{kind}: {key}");
}
