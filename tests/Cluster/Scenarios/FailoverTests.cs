using System.Text.Json;
using k8s;
using MeshCanary.Controller.Metrics;
using MeshCanary.Controller.Recording.Cluster;

namespace MeshCanary.Cluster.Tests.Scenarios;

/// <summary>The leader dies without a word, at each phase of a rollout.</summary>
[Collection(Installed.Name)]
public sealed class FailoverTests(Installation installation)
{
    private static readonly TimeSpan Takeover = TimeSpan.FromSeconds(30);

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task LeaderKilledInTheRollback_OfABadVersion_IsFollowedByOneThatGoesOn()
    {
        await installation.ReadyAsync(3);
        await using var shop = await Shop.OpenAsync(installation, 3, Stop);
        var stable = await shop.UidsAsync("v1", Stop);
        await shop.AdoptAsync(Stop);
        await shop.PhaseAsync("Stable", Stop);
        await shop.DeployAsync("v2", Stop, "--error-rate", "0.5");
        await KillAsync(shop, "RollingBack");
        var status = await shop.PhaseAsync("Failed", Stop, Takeover);
        Assert.NotEmpty(Shop.Text(status, "failedRevision"));
        await shop.UntilAsync("the arm is gone", async () => (await shop.PodsAsync("v2", Stop)).Count == 0, Stop);
        Assert.Equal(stable, await shop.UidsAsync("v1", Stop));
        await shop.ReleaseAsync(Stop);
        await shop.CloseAsync();
    }

    // Kills the leader when a phase shows, and waits until somebody else leads and has gone on with what was known.
    private async Task KillAsync(Shop shop, string phase)
    {
        var before = await shop.PhaseAsync(phase, Stop);
        var leader = await LeaderAsync();
        await installation.Space.Client.CoreV1.DeleteNamespacedPodAsync(leader, installation.Space.Name, gracePeriodSeconds: 0, cancellationToken: Stop);
        await shop.UntilAsync($"somebody else leads than {leader}, killed while {phase}", async () => await LeaderAsync() is { Length: > 0 } other && other != leader, Stop);
        // The released Canary may be gone by now: nothing of it can be compared.
        if (phase == "Releasing")
            return;
        var after = await shop.UntilAsync($"the Canary is written by another than {leader}", status => Writer(status) is { Length: > 0 } writer && !writer.StartsWith(leader, StringComparison.Ordinal), Stop, Takeover);
        if (Analysis(before) is not { } evidence)
            return;
        var kept = Analysis(after)!;
        Assert.Equal((evidence.RunId, evidence.Anchor), (kept.RunId, kept.Anchor));
        Assert.True(kept.Intervals >= evidence.Intervals, $"{kept.Intervals} intervals are known after {evidence.Intervals}, killed while {phase}");
    }

    private async Task<string> LeaderAsync() =>
        (await installation.Space.Client.CoordinationV1.ReadNamespacedLeaseAsync("meshcanary-controller", installation.Space.Name, cancellationToken: Stop)).Spec.HolderIdentity?.Split('_')[0] ?? "";

    private static string Writer(JsonElement status) => Shop.Text(status, "engine") is { Length: > 0 } engine ? EngineText.Read(engine).Writer : "";

    private static RunAnalysis? Analysis(JsonElement status) => Shop.Text(status, "engine") is { Length: > 0 } engine ? EngineText.Read(engine).Analysis : null;
}
