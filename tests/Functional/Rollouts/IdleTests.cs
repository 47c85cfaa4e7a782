using MeshCanary.Analysis.Judging;
using MeshCanary.Functional.Tests.Meshes;
using MeshCanary.Rollouts.States;

namespace MeshCanary.Functional.Tests.Rollouts;

/// <summary>Little traffic is neither a pass nor a failure.</summary>
public sealed class IdleTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task IdleService_HoldsWithNotEnoughDataAndAnEta()
    {
        await using var v1 = await Versions.GoodAsync("v1", Cancellation);
        await using var v2 = await Versions.GoodAsync("v2", Cancellation);
        await using var mesh = await Mesh.StartAsync(new MeshPlan(), v1.Address, Cancellation);

        await mesh.Api.AnnounceAsync(Mesh.Name, "v2", v2.Address, Cancellation);
        await mesh.UntilAsync(
            view => view.Phase == Phase.Progressing && view.Verdict is { Kind: VerdictKind.NotEnoughData, Intervals: > 3 },
            "the rollout holds without traffic", Cancellation);
        var idle = await mesh.Api.GetAsync(Mesh.Name, Cancellation);
        Assert.Null(idle.Verdict?.Eta);
        Assert.NotNull(idle.WaitingFor?.Until);
        Assert.Equal(0, idle.Run?.Step);

        // A trickle: still no verdict, but now it can say how long.
        await using var traffic = await Traffic.StartAsync(mesh.Entrances, Cancellation, requestsPerSecondEach: 12);
        await mesh.UntilAsync(
            view => view.Verdict is { Kind: VerdictKind.NotEnoughData, Eta: not null }, "an ETA is given", Cancellation);
        var trickle = await mesh.Api.GetAsync(Mesh.Name, Cancellation);
        Assert.True(trickle.Verdict?.Eta > TimeSpan.Zero);
        Assert.Equal(Phase.Progressing, trickle.Phase);
        await traffic.StopWithoutLossAsync(mesh.Describe);
    }
}
