using MeshCanary.Cli.Hosting;
using MeshCanary.Cli.Tests.Harness;

namespace MeshCanary.Cli.Tests.Commands;

public sealed class ReleaseCommandTests
{
    [Fact]
    public async Task Release_OfAll_EndsWhenTheyAreGoneAndSaysWhatEachWaitsFor()
    {
        await using var cluster = await StubCluster.StartAsync();
        cluster.Add("shop/checkout");
        cluster.Add("cart/basket");
        var run = await RunAsync(cluster, "--all");
        Assert.Equal((ExitCode.Success, ""), (run.Code, run.Error));
        Assert.Equal(["cart/basket", "shop/checkout"], cluster.Deleted.Order(StringComparer.Ordinal));
        foreach (var line in (string[])["shop/checkout: asked to go.", "shop/checkout: waits for every proxy to acknowledge stable.", "shop/checkout: released.", "2 Canaries released."])
            Assert.Contains(line, run.Out, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Release_OfANamespace_LeavesTheOthers()
    {
        await using var cluster = await StubCluster.StartAsync();
        cluster.Add("shop/checkout");
        cluster.Add("cart/basket");
        var run = await RunAsync(cluster, "--all", "--namespace", "shop");
        Assert.Equal(ExitCode.Success, run.Code);
        Assert.Equal(["shop/checkout"], cluster.Deleted);
    }

    [Fact]
    public async Task Release_ByName_NeedsEachOfThem()
    {
        await using var cluster = await StubCluster.StartAsync();
        cluster.Add("shop/checkout");
        cluster.Add("default/basket");
        var wrong = await RunAsync(cluster, "basket", "shop/nobody");
        wrong.ShouldFail(ExitCode.Error, "There is no Canary shop/nobody.", "nothing was deleted");
        Assert.Empty(cluster.Deleted);
        var right = await RunAsync(cluster, "basket");
        Assert.Equal(ExitCode.Success, right.Code);
        Assert.Equal(["default/basket"], cluster.Deleted);
    }

    [Fact]
    public async Task Release_ThatNobodyCarriesOut_EndsAtTheDeadlineAndNamesWhatIsLeft()
    {
        await using var cluster = await StubCluster.StartAsync();
        cluster.LooksToLeave = -1;
        cluster.Add("shop/checkout");
        var run = await RunAsync(cluster, "--all", "--wait", "500ms", "--lease", "mesh/lead");
        run.ShouldFail(ExitCode.TimedOut, "1 Canary is still there after 0.5 s: shop/checkout.", "whether the controller runs");

        // It did not come to an end, so the controller goes on as before.
        Assert.Contains("null", cluster.LeasePatches.Last(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Release_WithALease_KeepsTheControllerFromMakingNewOnes()
    {
        await using var cluster = await StubCluster.StartAsync();
        cluster.Add("shop/checkout");
        var run = await RunAsync(cluster, "--all", "--lease", "mesh/lead");
        Assert.Equal(ExitCode.Success, run.Code);
        var patch = Assert.Single(cluster.LeasePatches);
        Assert.Matches("""^\{"metadata":\{"annotations":\{"meshcanary.io/no-adoption-until":"20\d\d-\d\d-\d\dT\d\d:\d\d:\d\dZ"\}\}\}$""", patch);
    }

    [Fact]
    public async Task Release_OfACanaryThatComesBack_AsksForItAgain()
    {
        await using var cluster = await StubCluster.StartAsync(hasLease: false);
        cluster.Returns = 1;
        cluster.Add("shop/checkout");
        var run = await RunAsync(cluster, "--all", "--lease", "mesh/lead");
        Assert.Equal(ExitCode.Success, run.Code);
        Assert.Equal(["shop/checkout", "shop/checkout"], cluster.Deleted);
        Assert.Contains("shop/checkout: made anew meanwhile", run.Out, StringComparison.Ordinal);
        Assert.Contains("There is no Lease mesh/lead", run.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(true, "There are no Canaries to release.")]
    [InlineData(false, "The cluster knows no Canaries: there is nothing to release.")]
    public async Task Release_OfNothing_IsDone(bool knows, string says)
    {
        await using var cluster = await StubCluster.StartAsync(knowsCanaries: knows);
        var run = await RunAsync(cluster, "--all");
        Assert.Equal((ExitCode.Success, says), (run.Code, run.Out.Trim()));
    }

    [Fact]
    public async Task Release_WithoutPermission_SaysWhoMayNotDoWhat()
    {
        await using var cluster = await StubCluster.StartAsync();
        cluster.Refusal = (403, 1);
        var run = await RunAsync(cluster, "--all");
        run.ShouldFail(ExitCode.Error, "refused: canaries.meshcanary.io is forbidden: nobody may (403).", "kubectl get canaries");
    }

    [Fact]
    public async Task Release_WhileTheServerIsAway_TriesAgain()
    {
        await using var cluster = await StubCluster.StartAsync();
        cluster.LooksToLeave = -1;
        cluster.Add("shop/checkout");
        var running = RunAsync(cluster, "--all", "--wait", "5m");
        await MeshCanary.Testing.Waiting.Eventually.TrueAsync(() => !cluster.Deleted.IsEmpty, TimeSpan.FromSeconds(30), "the deletion", cancellation: TestContext.Current.CancellationToken);
        cluster.Refusal = (500, 1);
        await MeshCanary.Testing.Waiting.Eventually.TrueAsync(() => cluster.Refusal.Times == 0, TimeSpan.FromSeconds(30), "the refused look", cancellation: TestContext.Current.CancellationToken);
        cluster.Drop();
        var run = await running;
        Assert.Equal(ExitCode.Success, run.Code);
        Assert.Contains("trying again", run.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("Name the Canaries to release, or give --all.")]
    [InlineData("Name the Canaries to release, or give --all.", "a", "--all")]
    [InlineData("--namespace and --lease belong to --all.", "a", "-n", "b")]
    [InlineData("'a/b/c' is not the name of a Canary", "a/b/c")]
    [InlineData("'lead' is not a Lease; write NAMESPACE/NAME.", "--all", "--lease", "lead")]
    [InlineData("'soon' is not a duration", "--all", "--wait", "soon")]
    public async Task CommandLine_NotUnderstood_EndsWithTwoAndSaysWhy(string says, params string[] args)
    {
        var run = await CommandRun.OfAsync(["release", .. args]);
        run.ShouldFail(ExitCode.BadUsage, says, "remedy: see 'meshcanary release --help'");
    }

    [Fact]
    public async Task Cluster_ThatIsNotThere_IsNamed()
    {
        await using var cluster = await StubCluster.StartAsync();
        var file = cluster.KubeConfig;
        await cluster.DisposeBackendAsync();
        var run = await CommandRun.OfAsync("release", "--all", "--kubeconfig", file);
        run.ShouldFail(ExitCode.Error, "The cluster at http://127.0.0.1:", "does not answer");
        (await CommandRun.OfAsync("release", "--all", "--kubeconfig", file + ".absent")).ShouldFail(ExitCode.Error, "There is no file", "check the path in --kubeconfig");
    }

    private static Task<CommandRun> RunAsync(StubCluster cluster, params string[] args) => CommandRun.OfAsync(["release", .. args, "--kubeconfig", cluster.KubeConfig]);
}
