using System.Text.Json;

namespace MeshCanary.Cluster.Tests.Scenarios;

/// <summary>Versions that must not be promoted.</summary>
[Collection(Installed.Name)]
public sealed class FailureTests(Installation installation)
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task SlowVersion_IsRolledBack()
    {
        await using var shop = await Shop.OpenAsync(installation, 3, Stop);
        await shop.AdoptAsync(Stop);
        await shop.PhaseAsync("Stable", Stop);
        var before = await shop.UidsAsync("v1", Stop);
        await shop.DeployAsync("v2", Stop, "--latency-factor", "15");
        var status = await shop.PhaseAsync("Failed", Stop);
        Assert.Contains("latency", Reason(status), StringComparison.OrdinalIgnoreCase);
        await shop.CountAsync("v2", 0, Stop);
        Assert.Equal(before, await shop.UidsAsync("v1", Stop));
        await shop.CloseAsync();
    }

    [Fact]
    public async Task VersionThatCrashes_FailsByItsDeadlineAndStableStaysAsItIs()
    {
        await using var shop = await Shop.OpenAsync(installation, 3, Stop);
        await shop.AdoptAsync(Stop, deadline: "15s");
        await shop.PhaseAsync("Stable", Stop);
        var before = await shop.UidsAsync("v1", Stop);
        await shop.DeployAsync("v2", Stop, "--no-such-option");
        var waits = await shop.UntilAsync(
            "what is wrong with the pods is told", status => status.TryGetProperty("waitingFor", out var wait) && Shop.Text(wait, "what").Contains("exit code 2", StringComparison.Ordinal), Stop);
        Assert.Equal("Progressing", Shop.Text(waits, "phase"));
        var status = await shop.PhaseAsync("Failed", Stop);
        Assert.Contains("exit code 2", Reason(status), StringComparison.Ordinal);
        await shop.UntilAsync("the arm is gone", async () => (await shop.Space.PodsAsync($"app={Shop.Name}", Stop)).Count == 3, Stop);
        Assert.Equal(before, await shop.UidsAsync("v1", Stop));
        Assert.Equal(["v1"], (await shop.CloseAsync()).Versions.Keys);
    }

    [Fact]
    public async Task Retry_OfAVersionThatFailed_IsARunOfItsOwn()
    {
        await using var shop = await Shop.OpenAsync(installation, 3, Stop);
        await shop.AdoptAsync(Stop);
        await shop.PhaseAsync("Stable", Stop);
        await shop.DeployAsync("v2", Stop, "--error-rate", "0.5");
        Assert.Equal("r1", Shop.Text(await shop.PhaseAsync("Failed", Stop), "runId"));
        await shop.CountAsync("v2", 0, Stop);
        await installation.ActAsync(shop.Space.Name, Shop.Name, "retry");
        await shop.ShareAsync("20%", Stop);
        Assert.Equal("r2", Shop.Text(await shop.PhaseAsync("Failed", Stop), "runId"));
        await shop.CountAsync("v2", 0, Stop);
        await shop.CloseAsync();
    }

    private static string Reason(JsonElement status) => status.GetProperty("conditions").EnumerateArray()
        .Where(condition => Shop.Text(condition, "type") == "Failed").Select(condition => Shop.Text(condition, "message")).Single();
}
