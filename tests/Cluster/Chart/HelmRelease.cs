using MeshCanary.TestCluster.ControlPlane;
using MeshCanary.TestCluster.Running;
using MeshCanary.Testing.Charts;
using MeshCanary.Testing.Files;

namespace MeshCanary.Cluster.Tests.Chart;

/// <summary>The chart in a namespace of a test's own, as release <c>meshcanary</c>.</summary>
/// <param name="space">The namespace.</param>
internal sealed class HelmRelease(ClusterNamespace space) : IDisposable
{
    private readonly TempFolder _folder = new();

    /// <summary>The folder of the solution.</summary>
    public static string Root { get; } = FindRoot();

    /// <summary>Calls helm with the chart and these values alone: <c>install</c>, <c>upgrade</c>.</summary>
    public Task<ToolRun> WithChartAsync(string verb, params string[] args) =>
        // Without any value an upgrade would keep those of the time before.
        RunAsync([verb, "meshcanary", Path.Combine(Root, "charts", "meshcanary"), .. verb == "upgrade" ? ["--reset-values"] : (string[])[], .. args]);

    /// <summary>Calls helm.</summary>
    public Task<ToolRun> RunAsync(params string[] args) => ToolRun.OfAsync(
        HelmProgram.Path, [.. args, "--namespace", space.Name, "--kubeconfig", KubeConfig()], TestContext.Current.CancellationToken);

    /// <summary>Calls kubectl in the namespace.</summary>
    public Task<ToolRun> KubectlAsync(params string[] args) => ToolRun.OfAsync(
        Path.Combine(ClusterBinaries.Find(), "kubectl"), [.. args, "--namespace", space.Name, "--kubeconfig", KubeConfig()], TestContext.Current.CancellationToken);

    /// <inheritdoc/>
    public void Dispose() => _folder.Dispose();

    private string KubeConfig() => _folder.Write("kubeconfig", space.Cluster.Admin.Kubeconfig());

    private static string FindRoot()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(Path.Combine(folder.FullName, "MeshCanary.sln")))
                return folder.FullName;
        }

        throw new InvalidOperationException($"No folder above {AppContext.BaseDirectory} holds MeshCanary.sln.");
    }
}
