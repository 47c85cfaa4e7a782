using MeshCanary.Cluster.Tests.Harness;
using MeshCanary.Cluster.Tests.Scenarios;
using MeshCanary.TestCluster.ControlPlane;
using MeshCanary.TestCluster.Isolation;
using MeshCanary.Testing.Files;
using MeshCanary.Testing.Waiting;

namespace MeshCanary.Cluster.Tests.Scenarios;

/// <summary>MeshCanary as its chart installs it: three replicas in a namespace of their own, under the chart's own role.</summary>
public sealed class Installation(ClusterFixture fixture) : IAsyncLifetime
{
    public const string Namespace = "meshcanary";

    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(120);

    /// <summary>The cluster that it is installed in.</summary>
    public TestCluster.Running.Cluster Cluster => fixture.Cluster;

    /// <summary>The cluster's fixture.</summary>
    public ClusterFixture Fixture => fixture;

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        await HelmAsync(
            "install", "meshcanary", Path.Combine(Repository.Root, "charts/meshcanary"), "--namespace", Namespace, "--create-namespace",
            "--set", "image.repository=meshcanary,image.tag=dev,proxy.image.repository=meshcanary,proxy.image.tag=dev",
            "--set", "extraArgs={--lease-duration=5s}");
        await ReadyAsync(3);
    }

    /// <summary>Runs helm as an administrator.</summary>
    public async Task<string> HelmAsync(params string[] arguments)
    {
        var file = Path.Combine(OwnNamespace.Folder, "helm.kubeconfig");
        await File.WriteAllTextAsync(file, Cluster.Admin.Kubeconfig(), Stop);
        var result = await Tools.RunAsync(ClusterBinaries.Find().Helm, [.. arguments, "--kubeconfig", file], Stop);
        return result.Output;
    }

    /// <summary>Waits until so many replicas are ready.</summary>
    public Task ReadyAsync(int replicas)
    {
        var last = "";
        return Eventually.TrueAsync(
            async () =>
            {
                var pods = (await k8s.CoreV1OperationsExtensions.ListNamespacedPodAsync(Cluster.Client.CoreV1, Namespace, labelSelector: "app.kubernetes.io/component=controller", cancellationToken: Stop)).Items;
                last = string.Join('\n', pods.Select(pod => $"{pod.Metadata.Name}: {pod.Status.Phase}\n{Cluster.Logs(Namespace, pod.Metadata.Name, "controller")}"));
                return pods.Count(pod => pod.Metadata.DeletionTimestamp is null && pod.Status.Conditions?.Any(one => one.Type == "Ready" && one.Status == "True") == true) >= replicas;
            },
            Deadline, $"{replicas} replicas of the controller are ready", () => last, Stop);
    }

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;
}
