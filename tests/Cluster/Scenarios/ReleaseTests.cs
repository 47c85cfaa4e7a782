namespace MeshCanary.Cluster.Tests.Scenarios;

/// <summary>A Canary that is deleted while a run is in flight.</summary>
[Collection(Installed.Name)]
public sealed class ReleaseTests(Installation installation)
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("20%", "[{ weight: 20, minDuration: 120s }]")]
    [InlineData("50%", "[{ weight: 20, minDuration: 1s, maxDuration: 60s }, { weight: 50, minDuration: 120s }]")]
    public async Task CanaryDeleted_InAStep_GivesEverythingBack(string weight, string steps)
    {
        await using var shop = await Shop.OpenAsync(installation, 3, Stop);
        var stable = await shop.UidsAsync("v1", Stop);
        await shop.AdoptAsync(Stop, steps);
        await shop.PhaseAsync("Stable", Stop);
        await shop.DeployAsync("v2", Stop);
        await shop.UntilAsync($"v2 has {weight}", status => status.TryGetProperty("weights", out var weights) && Shop.Text(weights, "acknowledged") == weight, Stop);

        await shop.ReleaseAsync(Stop);
        // The template is v2, which nobody has found to be good: it is for a person to let it roll.
        await Given.BackAsync(shop, paused: true, Stop);
        Assert.Equal(stable, await shop.UidsAsync("v1", Stop));
        var released = shop.Load.Elapsed;
        await shop.UntilAsync("v2 is gone", async () => (await shop.PodsAsync("v2", Stop)).Count == 0, Stop);
        var report = await shop.CloseAsync();
        Assert.DoesNotContain("v2", report.Since(released).Versions.Keys);
    }

    [Fact]
    public async Task CanaryDeleted_InTheBake_LeavesThePromotedVersion()
    {
        await using var shop = await Shop.OpenAsync(installation, 3, Stop);
        await shop.AdoptAsync(Stop, bake: "120s");
        await shop.PhaseAsync("Stable", Stop);
        await shop.DeployAsync("v2", Stop);
        await shop.PhaseAsync("Baking", Stop);
        var promoted = await shop.UidsAsync("v2", Stop);

        await shop.ReleaseAsync(Stop);
        await Given.BackAsync(shop, paused: false, Stop);
        await shop.UntilAsync("v1 is gone", async () => (await shop.PodsAsync("v1", Stop)).Count == 0, Stop);
        Assert.Equal(promoted, await shop.UidsAsync("v2", Stop));
        await shop.CloseAsync();
    }
}
