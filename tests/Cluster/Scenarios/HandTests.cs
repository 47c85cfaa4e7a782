using k8s;
using MeshCanary.Cluster.Tests.Harness;
using MeshCanary.Testing.Waiting;

namespace MeshCanary.Cluster.Tests.Scenarios;

/// <summary>People who act on a Deployment under a Canary, and other ways to hold one.</summary>
[Collection(Installed.Name)]
public sealed class HandTests(Installation installation)
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task SecondCanary_OfTheSameDeployment_IsRefusedOrTouchesNothing()
    {
        await using var shop = await Shop.OpenAsync(installation, 3, Stop);
        using var kubectl = new Kubectl(shop.Space);
        await shop.AdoptAsync(Stop);
        await shop.PhaseAsync("Stable", Stop);
        Assert.Contains("is under the Canary checkout already", await kubectl.RefusedAsync("apply --validate=false -f -", Shop.Manifest("rival")), StringComparison.Ordinal);

        await Eventually.TrueAsync(
            async () =>
            {
                await kubectl.RunAsync("delete mutatingwebhookconfigurations,validatingwebhookconfigurations --all");
                return (await kubectl.TryAsync("apply --validate=false -f -", Shop.Manifest("rival"))).ExitCode == 0;
            },
            TimeSpan.FromSeconds(60), "the webhook misses it", cancellation: Stop);
        var status = await shop.UntilAsync(
            "the second Canary is told why it does nothing",
            status => status.TryGetProperty("waitingFor", out var wait) && Shop.Text(wait, "what").Contains("is under the Canary checkout already", StringComparison.Ordinal),
            Stop, name: "rival");
        var ready = status.GetProperty("conditions").EnumerateArray().Single(condition => Shop.Text(condition, "type") == "Ready");
        Assert.Equal(("False", "Claimed"), (Shop.Text(ready, "status"), Shop.Text(ready, "reason")));
        Assert.DoesNotContain(
            (await shop.Space.Client.AppsV1.ListNamespacedDeploymentAsync(shop.Space.Name, cancellationToken: Stop)).Items, one => one.Metadata.Name.StartsWith("rival", StringComparison.Ordinal));

        await shop.DeployAsync("v2", Stop);
        await shop.PhaseAsync("Baking", Stop);
        await shop.PhaseAsync("Stable", Stop);
        await kubectl.RunAsync("delete canary rival");
        await shop.CountAsync("v2", 3, Stop);
        await shop.CloseAsync();
    }

    [Theory]
    [InlineData("always")]
    [InlineData("repair")]
    public async Task OtherWaysToHold_PromoteWithoutLoss(string hold)
    {
        await using var shop = await Shop.OpenAsync(installation, 3, Stop);
        await shop.AdoptAsync(Stop, "[{ weight: 20, minDuration: 2s, maxDuration: 120s }]", workload: $", hold: {hold}");
        await shop.PhaseAsync("Stable", Stop);
        await shop.PausedAsync(hold == "always", Stop);
        await shop.DeployAsync("v2", Stop);
        await shop.PhaseAsync("Baking", Stop);
        var analysed = await shop.UidsAsync("v2", Stop);
        await shop.PhaseAsync("Stable", Stop);
        await shop.CountAsync("v1", 0, Stop);
        await shop.PausedAsync(hold == "always", Stop);
        Assert.Equal(analysed, await shop.UidsAsync("v2", Stop));
        await shop.CloseAsync();
    }
}
