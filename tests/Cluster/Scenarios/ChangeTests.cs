namespace MeshCanary.Cluster.Tests.Scenarios;

/// <summary>What changes while a run is in flight, and what begins one.</summary>
[Collection(Installed.Name)]
public sealed class ChangeTests(Installation installation)
{
    private const string Long = "[{ weight: 20, minDuration: 100s, maxDuration: 120s }]";

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task ServiceWithoutCalls_HoldsTheVersionUntilThereAreSome()
    {
        await using var shop = await Shop.OpenAsync(installation, 3, Stop);
        await shop.AdoptAsync(Stop, "[{ weight: 20, minDuration: 2s, maxDuration: 8s }]");
        await shop.PhaseAsync("Stable", Stop);
        await shop.CloseAsync();
        await shop.DeployAsync("v2", Stop);
        await shop.ShareAsync("20%", Stop);
        var status = await shop.PhaseAsync("Paused", Stop);
        Assert.Contains("a Pass, or a person", Shop.Text(status.GetProperty("waitingFor"), "what"), StringComparison.Ordinal);
        Assert.Equal(3, (await shop.PodsAsync("v1", Stop)).Count);
        shop.Call();
        await shop.PhaseAsync("Baking", Stop);
        await shop.PhaseAsync("Stable", Stop);
        await shop.CountAsync("v1", 0, Stop);
        await shop.CloseAsync();
    }

    [Fact]
    public async Task OldImage_WhileTheNewOneHasAFifth_EndsTheRunWithEveryPodOfStableAsItWas()
    {
        await using var shop = await Shop.OpenAsync(installation, 3, Stop);
        await shop.AdoptAsync(Stop, Long);
        await shop.PhaseAsync("Stable", Stop);
        var before = await shop.UidsAsync("v1", Stop);
        await shop.DeployAsync("v2", Stop);
        await shop.ShareAsync("20%", Stop);
        await shop.DeployAsync("v1", Stop);
        await shop.PhaseAsync("Stable", Stop);
        await shop.ToldAsync("ReturnedToStable", Stop);
        await shop.PausedAsync(false, Stop);
        await shop.CountAsync("v2", 0, Stop);
        Assert.Equal(before, await shop.UidsAsync("v1", Stop));
        await shop.CloseAsync();
    }

    [Fact]
    public async Task ThirdVersion_WhileTheSecondHasHalf_TakesItsPlaceAndIsPromoted()
    {
        await using var shop = await Shop.OpenAsync(installation, 3, Stop);
        await shop.AdoptAsync(Stop, "[{ weight: 20, minDuration: 2s, maxDuration: 120s }, { weight: 50, minDuration: 12s, maxDuration: 120s }]");
        await shop.PhaseAsync("Stable", Stop);
        await shop.DeployAsync("v2", Stop);
        await shop.ShareAsync("50%", Stop);
        await shop.DeployAsync("v3", Stop);
        await shop.ToldAsync("Superseded", Stop);
        Assert.Equal("r2", Shop.Text(await shop.PhaseAsync("Baking", Stop), "runId"));
        var analysed = await shop.UidsAsync("v3", Stop);
        await shop.PhaseAsync("Stable", Stop);
        await shop.CountAsync("v1", 0, Stop);
        await shop.CountAsync("v2", 0, Stop);
        await shop.PausedAsync(false, Stop);
        Assert.Equal(analysed, await shop.UidsAsync("v3", Stop));
        var report = await shop.CloseAsync();
        Assert.Equal(["v1", "v2", "v3"], report.Versions.Keys.Order());
    }
}
