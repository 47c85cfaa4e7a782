using System.Diagnostics;
using MeshCanary.Cluster.Tests.Chart;
using MeshCanary.TestCluster.ControlPlane;
using MeshCanary.Testing.Files;

namespace MeshCanary.Cluster.Tests.Scenarios;

/// <summary>The controller loses its API server, is taken away, or is gone for ever, while a run is in flight.</summary>
[Collection(Installed.Name)]
public sealed class LastResortTests(Installation installation)
{
    private const string Held = "[{ weight: 20, minDuration: 120s }]";

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task ApiServerAway_ForTwentySeconds_LosesNothingAndTheRunGoesOn()
    {
        await using var faults = await installation.Fixture.Cluster.FaultsAsync(Stop);
        await using var shop = await Shop.OpenAsync(installation, 3, Stop);
        await shop.AdoptAsync(Stop, "[{ weight: 20, minDuration: 30s, maxDuration: 90s }]", bake: "2s");
        await shop.PhaseAsync("Stable", Stop);
        await shop.DeployAsync("v2", Stop);
        var run = Shop.Text(await UntilSplitAsync(shop), "runId");
        try
        {
            // The replicas are replaced in mid-run: that is an upgrade as well.
            await installation.ChartAsync("upgrade", "--set-string", $"extraEnv[0].name=KUBERNETES_SERVICE_HOST,extraEnv[0].value={faults.Address.Host},extraEnv[1].name=KUBERNETES_SERVICE_PORT,extraEnv[1].value={faults.Address.Port}");
            await shop.UntilAsync("the controller comes by the fault proxy", () => Task.FromResult(faults.Count(call => call.Path.Contains("/leases/", StringComparison.Ordinal)) > 3), Stop);
            await UntilSplitAsync(shop);
            using (faults.GoAway())
            {
                var from = shop.Load.Elapsed;
                await shop.UntilAsync("twenty seconds have passed", () => Task.FromResult(shop.Load.Elapsed - from > TimeSpan.FromSeconds(20)), Stop);
                Assert.Contains("v2", shop.Load.Report.Since(from + TimeSpan.FromSeconds(10)).Versions.Keys);
            }

            var status = await shop.PhaseAsync("Baking", Stop);
            Assert.Equal(run, Shop.Text(status, "runId"));
            await shop.PhaseAsync("Stable", Stop);
            await shop.ReleaseAsync(Stop);
            await Given.BackAsync(shop, paused: false, Stop);
            await shop.CloseAsync();
        }
        finally
        {
            await installation.ChartAsync("upgrade");
        }
    }

    [Fact]
    public async Task Uninstall_WithARunInFlight_GivesEverythingBackFirst()
    {
        await using var shop = await Shop.OpenAsync(installation, 3, Stop);
        var stable = await shop.UidsAsync("v1", Stop);
        await shop.AdoptAsync(Stop, Held);
        await shop.PhaseAsync("Stable", Stop);
        await shop.DeployAsync("v2", Stop);
        await UntilSplitAsync(shop);
        try
        {
            var uninstalled = await installation.Release.RunAsync("uninstall", "meshcanary", "--timeout", "90s");
            Assert.True(uninstalled.Code == 0, $"{uninstalled.Error}\n{await installation.LogsAsync()}");
            await Given.BackAsync(shop, paused: true, Stop);
            Assert.Equal(stable, await shop.UidsAsync("v1", Stop));
            await shop.CloseAsync();
        }
        finally
        {
            await installation.ChartAsync("install", "--take-ownership");
        }
    }

    [Fact]
    public async Task ReleaseByHand_WithoutAnyController_GivesEverythingBack()
    {
        await using var shop = await Shop.OpenAsync(installation, 3, Stop);
        var stable = await shop.UidsAsync("v1", Stop);
        await shop.AdoptAsync(Stop, Held);
        await shop.PhaseAsync("Stable", Stop);
        await shop.DeployAsync("v2", Stop);
        await UntilSplitAsync(shop);
        try
        {
            await installation.ScaleAsync(0);
            await ByHandAsync(shop);
            await Given.BackAsync(shop, paused: true, Stop);
            Assert.Equal(stable, await shop.UidsAsync("v1", Stop));
            await shop.UntilAsync("v2 is gone", async () => (await shop.PodsAsync("v2", Stop)).Count == 0, Stop);
            await shop.CloseAsync();
        }
        finally
        {
            await installation.ScaleAsync(3);
        }
    }

    private static Task<System.Text.Json.JsonElement> UntilSplitAsync(Shop shop) =>
        shop.UntilAsync("v2 has its share", status => status.TryGetProperty("weights", out var weights) && Shop.Text(weights, "acknowledged") == "20%", Stop);

    private async Task ByHandAsync(Shop shop)
    {
        using var folder = new TempFolder();
        var start = new ProcessStartInfo(Path.Combine(HelmRelease.Root, "charts", "meshcanary", "release-by-hand.sh"), [shop.Space.Name, Shop.Name, "--do-it"])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        start.Environment["PATH"] = $"{ClusterBinaries.Find()}:{start.Environment["PATH"]}";
        start.Environment["KUBECONFIG"] = folder.Write("kubeconfig", installation.Fixture.Cluster.Admin.Kubeconfig());
        using var script = Process.Start(start)!;
        var (output, errors) = (script.StandardOutput.ReadToEndAsync(Stop), script.StandardError.ReadToEndAsync(Stop));
        await script.WaitForExitAsync(Stop);
        Assert.True(script.ExitCode == 0, $"{await output}\n{await errors}");
    }
}
