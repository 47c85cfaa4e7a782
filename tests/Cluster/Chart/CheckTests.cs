using MeshCanary.Cluster.Tests.Harness;
using MeshCanary.TestCluster.ControlPlane;
using MeshCanary.Testing.Charts;
using MeshCanary.Testing.Files;

namespace MeshCanary.Cluster.Tests.Chart;

/// <summary>The script that does the main job on any cluster that KUBECONFIG names, on this one.</summary>
[Collection(ChartAlone.Name)]
public sealed class CheckTests(ClusterFixture fixture)
{
    [Fact]
    public async Task Check_OnAClusterNamedByKubeconfig_PromotesRollsBackAndLosesNothing()
    {
        using var folder = new TempFolder();
        var run = await RunAsync(folder.Write("kubeconfig", fixture.Cluster.Admin.Kubeconfig()), "test");
        Assert.True(run.Code == 0, $"{run.Out}\n{run.Error}");
        Assert.Contains("is rolled back", run.Out, StringComparison.Ordinal);
        Assert.EndsWith("the clients lost no request", run.Out.TrimEnd(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Check_OfAContextThatIsNotThere_ChangesNothingAndSaysSo()
    {
        using var folder = new TempFolder();
        var run = await RunAsync(folder.Write("kubeconfig", fixture.Cluster.Admin.Kubeconfig()), "production");
        Assert.Equal(1, run.Code);
        Assert.Contains("the API server of context 'production' does not answer", run.Error, StringComparison.Ordinal);
    }

    private static Task<ToolRun> RunAsync(string kubeconfig, string context) => ToolRun.OfAsync(
        "/usr/bin/env",
        [
            $"KUBECONFIG={kubeconfig}", $"KUBECTL={Path.Combine(ClusterBinaries.Find(), "kubectl")}", $"HELM={HelmProgram.Path}",
            Path.Combine(HelmRelease.Root, "tests", "cluster-check.sh"), "--context", context, "--namespace", "check", "--timeout", "180",
        ],
        TestContext.Current.CancellationToken);
}
