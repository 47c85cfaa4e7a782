using MeshCanary.Cluster.Tests.Harness;

namespace MeshCanary.Cluster.Tests.Scenarios;

/// <summary>A Canary that annotations make.</summary>
[Collection(Installed.Name)]
public sealed class AnnotationTests(Installation installation)
{
    private const string Asked =
        "meshcanary.io/enabled=true meshcanary.io/steps=20,50 meshcanary.io/step-duration=2s meshcanary.io/max-step-duration=4s "
        + "meshcanary.io/interval=1s meshcanary.io/warmup=1s meshcanary.io/on-inconclusive=promote meshcanary.io/bake-time=2s";

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Annotations_OfAServiceUnderLoad_MakeACanaryAndTakeItAway()
    {
        await using var shop = await Shop.OpenAsync(installation, 3, Stop);
        using var kubectl = new Kubectl(shop.Space);
        await kubectl.RunAsync($"annotate service {Shop.Name} {Asked}");
        await shop.PhaseAsync("Stable", Stop);
        Assert.Equal("annotations", (await shop.CanaryAsync(Stop)).GetProperty("metadata").GetProperty("labels").GetProperty("meshcanary.io/from").GetString());

        await shop.DeployAsync("v2", Stop);
        await shop.PhaseAsync("Baking", Stop);
        await shop.PhaseAsync("Stable", Stop);
        var promoted = await shop.UidsAsync("v2", Stop);
        Assert.Equal(3, promoted.Count);

        await kubectl.RunAsync($"annotate service {Shop.Name} {string.Join(' ', Asked.Split(' ').Select(one => one.Split('=')[0] + "-"))}");
        await Given.BackAsync(shop, paused: false, Stop);
        Assert.Equal(promoted, await shop.UidsAsync("v2", Stop));
        await shop.CloseAsync();
    }
}
