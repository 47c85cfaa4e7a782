using k8s;
using MeshCanary.Cluster.Tests.Chart;
using MeshCanary.Cluster.Tests.Harness;
using MeshCanary.Testing.Files;
using MeshCanary.Testing.Waiting;

namespace MeshCanary.Cluster.Tests.Scenarios;

/// <summary>People who act on a Deployment under a Canary, and other ways to hold one.</summary>
[Collection(Installed.Name)]
public sealed class HandTests(Installation installation)
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Person_WhoActsOnAHeldDeployment_IsRefusedOrObeyed()
    {
        await using var shop = await Shop.OpenAsync(installation, 3, Stop, Shop.Gentle);
        using var kubectl = new Kubectl(shop.Space);
        await shop.AdoptAsync(Stop, "[{ weight: 20, minDuration: 100s, maxDuration: 120s }]");
        await shop.PhaseAsync("Stable", Stop);
        await shop.DeployAsync("v2", Stop);
        var second = Shop.Text(await shop.ShareAsync("20%", Stop), "canaryRevision");
        Assert.Contains("paused", await kubectl.RefusedAsync("rollout restart deployment/checkout"), StringComparison.Ordinal);
        await kubectl.RefusedAsync("rollout undo deployment/checkout");
        Assert.Equal(second, Shop.Text(await shop.ShareAsync("20%", Stop), "canaryRevision"));

        await kubectl.RunAsync("set image deployment/checkout app=sample-service:v3");
        await shop.UntilAsync("v3 is looked at", status => Shop.Text(status, "runId") == "r2", Stop);
        await shop.ShareAsync("20%", Stop);
        await kubectl.RunAsync("rollout resume deployment/checkout");
        await shop.ToldAsync("TakenOver", Stop);
        var status = await shop.PhaseAsync("Stable", Stop);
        Assert.Equal(Shop.Text(status, "canaryRevision"), Shop.Text(status, "stableRevision"));
        await shop.CountAsync("v3", 3, Stop);
        await shop.CountAsync("v2", 0, Stop);
        await shop.CountAsync("v1", 0, Stop);
        await shop.PausedAsync(false, Stop);
        await shop.CloseAsync();
    }

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
        // Who is without them next would miss more than it knows.
        await installation.ChartAsync("upgrade");
        await shop.CountAsync("v2", 3, Stop);
        await shop.CloseAsync();
    }

    [Fact]
    public async Task HelmUpgrade_ByAPersonInMidRun_TakesTheVersionsPlaceAndIsPromoted()
    {
        await using var shop = await Shop.OpenAsync(installation, 3, Stop);
        using var helm = new HelmRelease(shop.Space);
        using var chart = new TempFolder();
        chart.Write("Chart.yaml", "apiVersion: v2\nname: checkout\nversion: 1.0.0\n");
        Directory.CreateDirectory(chart.PathOf("templates"));
        chart.Write("templates/all.yaml", Sample.Deployment(Shop.Name, "{{ .Values.version }}", 3));
        async Task UpgradeAsync(string version)
        {
            var run = await helm.RunAsync("upgrade", "--install", "--take-ownership", "--force-conflicts", Shop.Name, chart.FullName, "--set", $"version={version}");
            Assert.True(run.Code == 0, $"{run.Error}\n{run.Out}");
        }

        var before = await shop.UidsAsync("v1", Stop);
        await UpgradeAsync("v1");
        await shop.AdoptAsync(Stop);
        await shop.PhaseAsync("Stable", Stop);
        Assert.Equal(before, await shop.UidsAsync("v1", Stop));
        await UpgradeAsync("v2");
        await shop.ShareAsync("20%", Stop);
        await UpgradeAsync("v3");
        Assert.Equal("r2", Shop.Text(await shop.PhaseAsync("Baking", Stop), "runId"));
        var analysed = await shop.UidsAsync("v3", Stop);
        await shop.PhaseAsync("Stable", Stop);
        await shop.CountAsync("v2", 0, Stop);
        await shop.CountAsync("v1", 0, Stop);
        Assert.Equal(analysed, await shop.UidsAsync("v3", Stop));
        Assert.Equal(["meshcanary.io/proxy"], (await shop.ServiceAsync(Stop)).Spec.Selector.Keys);
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
