using k8s;
using MeshCanary.Rollouts.States;

namespace MeshCanary.Cluster.Tests.Scenarios;

/// <summary>The leader dies without a word, at each boundary of a rollout.</summary>
[Collection(Installed.Name)]
public sealed class FailoverTests(Installation installation)
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task LeaderKilled_WheneverAPhaseOrStepBegins_IsFollowedByOneThatGoesOn()
    {
        // What kills wait for is the lease.
        await installation.ChartAsync("upgrade", "--set", "extraArgs={--lease-duration=5s}");
        try
        {
            await using var shop = await Shop.OpenAsync(installation, 3, Stop);
            var kills = new LeaderKills(installation, shop);
            await shop.AdoptAsync(Stop, "[{ weight: 20, minDuration: 2s, maxDuration: 120s }, { weight: 50, minDuration: 2s, maxDuration: 120s }, { approval: { timeout: 30m } }]");
            await kills.UntilAsync(Phase.Stable, Stop);

            await shop.DeployAsync("v2", Stop);
            await kills.UntilAsync(Phase.Paused, Stop);
            await installation.ActAsync(shop.Space.Name, Shop.Name, "approve");
            await kills.UntilAsync(Phase.Baking, Stop);
            await kills.UntilAsync(Phase.Stable, Stop);
            var promoted = await shop.UidsAsync("v2", Stop);
            Assert.Equal(3, promoted.Count);

            await shop.DeployAsync("v3", Stop, "--error-rate", "0.5");
            await kills.UntilAsync(Phase.Failed, Stop);
            await shop.CountAsync("v3", 0, Stop);
            Assert.Equal(promoted, await shop.UidsAsync("v2", Stop));

            await shop.Space.Client.CustomObjects.DeleteNamespacedCustomObjectAsync("meshcanary.io", "v1alpha1", shop.Space.Name, "canaries", Shop.Name, cancellationToken: Stop);
            await kills.UntilAsync(null, Stop);
            // The template is v3, which failed: it is for a person to let it roll.
            await Given.BackAsync(shop, paused: true, Stop);
            Assert.Equal(promoted, await shop.UidsAsync("v2", Stop));

            Assert.Equal(Enum.GetValues<Phase>().Order(), kills.Phases.Order());
            Assert.True(kills.Inherited > 0, "nobody was killed who had evidence");
            TestContext.Current.TestOutputHelper?.WriteLine(string.Join('\n', kills.Told));
            await shop.CloseAsync();
        }
        finally
        {
            await installation.ChartAsync("upgrade");
        }
    }
}
