namespace MeshCanary.Cluster.Tests.Scenarios;

/// <summary>Whole rollouts on a real control plane, with clients that count what they lose.</summary>
[Collection(Installed.Name)]
public sealed class RolloutTests(Installation installation)
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task GoodVersion_OfAnAdoptedService_IsPromotedWithThePodsThatWereAnalysed()
    {
        await using var shop = await Shop.OpenAsync(installation, 3, Stop);
        var before = (await shop.PodsAsync("v1", Stop)).Select(pod => pod.Metadata.Uid).ToHashSet();
        await shop.AdoptAsync(Stop);
        await shop.PhaseAsync("Stable", Stop);
        Assert.Equal(before, (await shop.PodsAsync("v1", Stop)).Select(pod => pod.Metadata.Uid).ToHashSet());

        await shop.DeployAsync("v2", Stop);
        await shop.PhaseAsync("Baking", Stop);
        var analysed = (await shop.PodsAsync("v2", Stop)).Select(pod => pod.Metadata.Uid).ToHashSet();
        Assert.Equal(3, analysed.Count);
        await shop.UntilAsync("v1 is gone", async () => (await shop.PodsAsync("v1", Stop)).Count == 0, Stop);
        await shop.PhaseAsync("Stable", Stop);
        Assert.Equal(analysed, (await shop.PodsAsync("v2", Stop)).Select(pod => pod.Metadata.Uid).ToHashSet());
        await shop.UntilAsync("the Deployment is not held", async () => (await shop.DeploymentAsync(Stop)).Spec.Paused != true, Stop);

        await shop.ReleaseAsync(Stop);
        Assert.Equal(analysed, (await shop.PodsAsync("v2", Stop)).Select(pod => pod.Metadata.Uid).ToHashSet());
        Assert.Equal(new Dictionary<string, string> { ["app"] = Shop.Name }, (await shop.ServiceAsync(Stop)).Spec.Selector);
        var report = await shop.CloseAsync();
        Assert.Equal(["v1", "v2"], report.Versions.Keys.Order());
    }

    [Fact]
    public async Task BadVersion_ThatAnswersWithErrors_IsRolledBack()
    {
        await using var shop = await Shop.OpenAsync(installation, 3, Stop);
        await shop.AdoptAsync(Stop);
        await shop.PhaseAsync("Stable", Stop);
        await shop.DeployAsync("v2", Stop, "--error-rate", "0.5");
        var status = await shop.PhaseAsync("Failed", Stop);
        Assert.NotEmpty(Shop.Text(status, "failedRevision"));
        await shop.UntilAsync("the arm is gone", async () => (await shop.PodsAsync("v2", Stop)).Count == 0, Stop);
        Assert.Equal(3, (await shop.PodsAsync("v1", Stop)).Count);
        Assert.True((await shop.DeploymentAsync(Stop)).Spec.Paused);
        await shop.CloseAsync();
    }
}
