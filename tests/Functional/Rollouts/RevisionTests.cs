using MeshCanary.Functional.Tests.Meshes;
using MeshCanary.Rollouts.States;

namespace MeshCanary.Functional.Tests.Rollouts;

/// <summary>No revision is swallowed: a third one takes over, and a return to stable is one write.</summary>
public sealed class RevisionTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task ThirdVersion_WhileTheSecondIsAnalysed_TakesItsPlaceAndIsPromoted()
    {
        await using var v1 = await Versions.GoodAsync("v1", Cancellation);
        await using var v2 = await Versions.GoodAsync("v2", Cancellation);
        await using var v3 = await Versions.GoodAsync("v3", Cancellation);
        await using var mesh = await Mesh.StartAsync(
            new MeshPlan { Steps = ["{ weight: 30, minDuration: 6s, maxDuration: 60s }"] }, v1.Address, Cancellation);
        await using var traffic = await Traffic.StartAsync(mesh.Entrances, Cancellation);

        await mesh.Api.AnnounceAsync(Mesh.Name, "v2", v2.Address, Cancellation);
        await mesh.UntilAsync(view => view.Run?.Canary.Name == "v2" && view.Weight.Acknowledged == 3000, "v2 gets traffic", Cancellation);
        await mesh.Api.AnnounceAsync(Mesh.Name, "v3", v3.Address, Cancellation);
        await mesh.UntilAsync(view => view.Phase == Phase.Stable && view.Stable.Name == "v3", "v3 is promoted", Cancellation);
        await traffic.StopWithoutLossAsync(mesh.Describe);

        Assert.Contains(
            await mesh.Api.EventsAsync(Mesh.Name, Cancellation), entry => entry.Kind == "Superseded" && entry.RunId == "r1");
    }

    [Fact]
    public async Task ReturnToStable_WhileACanaryIsAnalysed_EndsTheRunWithoutAnalysis()
    {
        await using var v1 = await Versions.GoodAsync("v1", Cancellation);
        await using var v2 = await Versions.GoodAsync("v2", Cancellation);
        await using var mesh = await Mesh.StartAsync(
            new MeshPlan { Steps = ["{ weight: 50, minDuration: 30s, maxDuration: 60s }"] }, v1.Address, Cancellation);
        await using var traffic = await Traffic.StartAsync(mesh.Entrances, Cancellation);

        await mesh.Api.AnnounceAsync(Mesh.Name, "v2", v2.Address, Cancellation);
        await mesh.UntilAsync(view => view.Weight.Acknowledged == 5000, "v2 gets traffic", Cancellation);
        await mesh.Api.AnnounceAsync(Mesh.Name, "v1", v1.Address, Cancellation);
        await mesh.UntilAsync(view => view.Phase == Phase.Stable, "v1 serves alone again", Cancellation);
        await traffic.StopWithoutLossAsync(mesh.Describe);

        var view = await mesh.Api.GetAsync(Mesh.Name, Cancellation);
        Assert.Equal("v1", view.Stable.Name);
        Assert.Equal(RunOutcome.ReturnedToStable, view.Run?.Outcome);
    }
}
