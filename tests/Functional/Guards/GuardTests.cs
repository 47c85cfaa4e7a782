using MeshCanary.Functional.Tests.Meshes;
using MeshCanary.Rollouts.States;
using MeshCanary.Testing.Backends;

namespace MeshCanary.Functional.Tests.Guards;

/// <summary>What proxies do by themselves and the controller hears of: circuits, budgets, copies.</summary>
public sealed class GuardTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Circuit_ThatOpensInAProxy_EndsTheRunAfterAHandfulOfFailures()
    {
        await using var v1 = await Versions.GoodAsync("v1", Cancellation);
        await using var v2 = await TestBackend.StartAsync(new TestBackendOptions { Version = "v2", Answer = BackendAnswers.Status(500) }, Cancellation);
        // Nothing else ends it so soon: the first interval that counts is over after the warm-up.
        await using var mesh = await Mesh.StartAsync(
            new MeshPlan { Steps = ["{ weight: 50, minDuration: 30s, maxDuration: 60s }"], Strategy = "circuit: { failures: 5, window: 1m, pause: 1h }" }, v1.Address, Cancellation);
        await using var traffic = await Traffic.StartAsync(mesh.Entrances, Cancellation);

        await mesh.Api.AnnounceAsync(Mesh.Name, "v2", v2.Address, Cancellation);
        await mesh.UntilAsync(view => view.Phase == Phase.Failed, "the run fails", Cancellation);
        await traffic.StopWithoutLossAsync(mesh.Describe);

        var view = await mesh.Api.GetAsync(Mesh.Name, Cancellation);
        Assert.Equal(RunOutcome.RolledBack, view.Run?.Outcome);
        Assert.Contains("took v2 out by itself", view.Run?.Reason, StringComparison.Ordinal);
        Assert.Contains((await mesh.Api.EventsAsync(Mesh.Name, Cancellation)).Select(entry => entry.Kind), kind => kind == "CircuitOpened");
        // Five for each proxy, and what was on its way by then.
        Assert.InRange(v2.Received, 5, 100);
    }

    [Fact]
    public async Task Budget_OverTwoProxies_IsNeverExceeded()
    {
        const int Budget = 150;
        await using var v1 = await Versions.GoodAsync("v1", Cancellation);
        await using var v2 = await Versions.GoodAsync("v2", Cancellation);
        await using var mesh = await Mesh.StartAsync(
            new MeshPlan { Steps = ["{ weight: 50, minDuration: 40s, maxDuration: 60s }"], Strategy = $"exposure: {{ maxRequests: {Budget} }}" }, v1.Address, Cancellation);
        await using var traffic = await Traffic.StartAsync(mesh.Entrances, Cancellation);

        await mesh.Api.AnnounceAsync(Mesh.Name, "v2", v2.Address, Cancellation);
        await mesh.UntilAsync(
            async () => (await mesh.Api.EventsAsync(Mesh.Name, Cancellation)).Any(entry => entry.Kind == "ExposureSpent"), "the budget is spent", Cancellation);
        await traffic.StopWithoutLossAsync(mesh.Describe);

        // Each proxy may have kept a rest of its part, and no more than the budget was ever given.
        Assert.InRange(v2.Received, Budget / 2, Budget);
        var view = await mesh.Api.GetAsync(Mesh.Name, Cancellation);
        Assert.Equal(Budget, view.Exposure?.MaxRequests);
        // What was spent between the last report before the run's end and that end is not in its figures.
        Assert.InRange(view.Exposure!.SpentRequests, Budget / 2, v2.Received);
    }

    [Fact]
    public async Task Mirror_WhileTheCanaryHasWeight_IsShownApartFromTheRun()
    {
        await using var v1 = await Versions.GoodAsync("v1", Cancellation);
        await using var v2 = await Versions.GoodAsync("v2", Cancellation);
        await using var mesh = await Mesh.StartAsync(
            new MeshPlan { Steps = ["{ weight: 1, minDuration: 40s, maxDuration: 60s }"], Strategy = "mirror: { share: 50% }" }, v1.Address, Cancellation);
        await using var traffic = await Traffic.StartAsync(mesh.Entrances, Cancellation);

        await mesh.Api.AnnounceAsync(Mesh.Name, "v2", v2.Address, Cancellation);
        await mesh.UntilAsync(view => view.Mirrored is { Copies: > 200 }, "copies are shown", Cancellation);
        await traffic.StopWithoutLossAsync(mesh.Describe);

        // Users saw v2 as often as its weight says; the rest of what it received were copies.
        Assert.InRange(traffic.Answered("v2"), 0, v2.Received / 4);
    }
}
