namespace MeshCanary.Cluster.Tests.Scenarios;

/// <summary>What changes while a run is in flight, and what begins one.</summary>
[Collection(Installed.Name)]
public sealed class ChangeTests(Installation installation)
{
    private const string Autoscaler = $$"""
        apiVersion: autoscaling/v1
        kind: HorizontalPodAutoscaler
        metadata:
          name: {{Shop.Name}}
        spec:
          scaleTargetRef: { apiVersion: apps/v1, kind: Deployment, name: {{Shop.Name}} }
          minReplicas: 1
          maxReplicas: 2
          targetCPUUtilizationPercentage: 80
        """;

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

    [Fact]
    public async Task ConfigMapThatPodsRead_WhenItChanges_IsAVersionOfItsOwn()
    {
        await using var shop = await Shop.OpenAsync(
            installation, 3, Stop, "  env:\n  - { name: GREETING, valueFrom: { configMapKeyRef: { name: words, key: greeting } } }", Words("one"));
        await shop.AdoptAsync(Stop, "[{ weight: 20, minDuration: 2s, maxDuration: 120s }]");
        var first = Shop.Text(await shop.PhaseAsync("Stable", Stop), "stableRevision");
        var before = await shop.UidsAsync("v1", Stop);
        await shop.Space.ApplyAsync(Words("two"), Stop);
        await shop.PhaseAsync("Baking", Stop);
        Assert.NotEqual(first, Shop.Text(await shop.PhaseAsync("Stable", Stop), "stableRevision"));
        await shop.CountAsync("v1", 3, Stop);
        var after = await shop.PodsAsync("v1", Stop);
        Assert.DoesNotContain(after, pod => before.Contains(pod.Metadata.Uid));
        var said = await shop.Space.Cluster.ExecAsync(shop.Space.Name, after[0].Metadata.Name, ["sh", "-c", "echo $GREETING"], Stop);
        Assert.Equal("two", said.Output.Trim());
        await shop.PausedAsync(false, Stop);
        await shop.CloseAsync();
    }

    [Fact]
    public async Task Autoscaler_ThatShrinksStableWhileTheNewVersionHasHalf_IsFollowedByBoth()
    {
        await using var shop = await Shop.OpenAsync(installation, 4, Stop, Shop.Gentle);
        await shop.AdoptAsync(Stop, "[{ weight: 50, minDuration: 15s, maxDuration: 120s }]");
        await shop.PhaseAsync("Stable", Stop);
        await shop.DeployAsync("v2", Stop);
        await shop.ShareAsync("50%", Stop);
        Assert.Equal(3, (await shop.PodsAsync("v2", Stop)).Count);
        // One that sees more pods than it allows takes the rest down, whatever it knows of their load.
        await shop.Space.ApplyAsync(Autoscaler, Stop);
        await shop.CountAsync("v1", 2, Stop);
        await shop.CountAsync("v2", 2, Stop);
        await shop.PhaseAsync("Baking", Stop);
        await shop.PhaseAsync("Stable", Stop);
        await shop.CountAsync("v1", 0, Stop);
        await shop.CountAsync("v2", 2, Stop);
        await shop.CloseAsync();
    }

    private static string Words(string greeting) => $$"""
        apiVersion: v1
        kind: ConfigMap
        metadata:
          name: words
        data:
          greeting: {{greeting}}
        """;
}
