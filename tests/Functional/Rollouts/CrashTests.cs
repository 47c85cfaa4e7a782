using MeshCanary.Functional.Tests.Meshes;
using MeshCanary.Rollouts.States;

namespace MeshCanary.Functional.Tests.Rollouts;

/// <summary>Any process may be killed at any moment: traffic flows on, and the rollout goes on where it was.</summary>
public sealed class CrashTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Controller_KilledInTheMiddle_GoesOnWhereItWas()
    {
        await using var v1 = await Versions.GoodAsync("v1", Cancellation);
        await using var v2 = await Versions.GoodAsync("v2", Cancellation);
        await using var mesh = await Mesh.StartAsync(new MeshPlan(), v1.Address, Cancellation);
        await using var traffic = await Traffic.StartAsync(mesh.Entrances, Cancellation);

        await mesh.Api.AnnounceAsync(Mesh.Name, "v2", v2.Address, Cancellation);
        await mesh.UntilAsync(view => view.Run?.Step == 1 && view.Verdict is not null, "the second step is reached", Cancellation);
        var before = await mesh.Api.GetAsync(Mesh.Name, Cancellation);

        await mesh.KillControllerAsync();
        await mesh.StartControllerAsync(Cancellation);
        var after = await mesh.Api.GetAsync(Mesh.Name, Cancellation);
        Assert.Equal(before.Run?.Id, after.Run?.Id);
        Assert.True(after.Run?.Step >= 1, "a restart must not lose a step");
        Assert.Equal(before.Run?.StartedAt, after.Run?.StartedAt);

        await mesh.UntilAsync(view => view.Phase == Phase.Stable && view.Stable.Name == "v2", "v2 is promoted", Cancellation);
        await traffic.StopWithoutLossAsync(mesh.Describe);

        var events = await mesh.Api.EventsAsync(Mesh.Name, Cancellation);
        Assert.Single(events, entry => entry.Kind == "RunStarted");
        Assert.Equal(2, events.Count(entry => entry.Kind == "StepStarted"));
    }

    [Fact]
    public async Task Controller_AwayWhileTrafficFlows_LosesNothing()
    {
        await using var v1 = await Versions.GoodAsync("v1", Cancellation);
        await using var v2 = await Versions.GoodAsync("v2", Cancellation);
        await using var mesh = await Mesh.StartAsync(
            new MeshPlan { Steps = ["{ weight: 50, minDuration: 5s, maxDuration: 60s }"] }, v1.Address, Cancellation);
        await using var traffic = await Traffic.StartAsync(mesh.Entrances, Cancellation);

        await mesh.Api.AnnounceAsync(Mesh.Name, "v2", v2.Address, Cancellation);
        await mesh.UntilAsync(view => view.Weight.Acknowledged == 5000, "v2 gets half of the traffic", Cancellation);
        await mesh.KillControllerAsync();

        // Both versions go on serving at the last acknowledged weight.
        var (v1Before, v2Before) = (traffic.Answered("v1"), traffic.Answered("v2"));
        await MeshCanary.Testing.Waiting.Eventually.TrueAsync(
            () => traffic.Answered("v1") > v1Before + 300 && traffic.Answered("v2") > v2Before + 300,
            TimeSpan.FromSeconds(30), "both versions serve without a controller", cancellation: Cancellation);

        await mesh.StartControllerAsync(Cancellation);
        await mesh.UntilAsync(view => view.Phase == Phase.Stable && view.Stable.Name == "v2", "v2 is promoted", Cancellation);
        await traffic.StopWithoutLossAsync(mesh.Describe);
    }

    [Fact]
    public async Task Proxy_KilledAndStartedAgain_RejoinsAndTheRolloutEnds()
    {
        await using var v1 = await Versions.GoodAsync("v1", Cancellation);
        await using var v2 = await Versions.GoodAsync("v2", Cancellation);
        await using var mesh = await Mesh.StartAsync(
            new MeshPlan { Steps = ["{ weight: 20, minDuration: 4s, maxDuration: 60s }", "{ weight: 60, minDuration: 2s, maxDuration: 60s }"] },
            v1.Address, Cancellation);

        // The load goes through the proxy that stays: requests of a killed process are lost by definition.
        await using var traffic = await Traffic.StartAsync([mesh.Entrances[0]], Cancellation, requestsPerSecondEach: 240);

        await mesh.Api.AnnounceAsync(Mesh.Name, "v2", v2.Address, Cancellation);
        await mesh.UntilAsync(view => view.Weight.Acknowledged == 2000, "v2 gets traffic", Cancellation);
        await mesh.KillProxyAsync(1);
        await mesh.UntilAsync(view => view.Proxies.Count(proxy => proxy.Connected) == 1, "the loss is noticed", Cancellation);
        await mesh.StartProxyAsync(1, Cancellation);
        await mesh.UntilAsync(view => view.Proxies.Count(proxy => proxy.Connected) == 2, "it has rejoined", Cancellation);
        await using var more = await Traffic.StartAsync([mesh.Entrances[1]], Cancellation);

        await mesh.UntilAsync(view => view.Phase == Phase.Stable && view.Stable.Name == "v2", "v2 is promoted", Cancellation);
        await more.StopWithoutLossAsync(mesh.Describe);
        await traffic.StopWithoutLossAsync(mesh.Describe);
        Assert.True(more.Answered("v2") > 0, "the proxy that rejoined serves v2");
    }
}
