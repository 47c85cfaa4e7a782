using MeshCanary.Functional.Tests.Meshes;
using MeshCanary.Rollouts.States;
using MeshCanary.Testing.Backends;

namespace MeshCanary.Functional.Tests.Rollouts;

/// <summary>The main job: a good version is promoted, a bad one rolled back, and no request is lost on the way.</summary>
public sealed class VerdictTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task GoodVersion_UnderLoad_IsPromotedAndNoRequestIsLost()
    {
        await using var v1 = await Versions.GoodAsync("v1", Cancellation);
        await using var v2 = await Versions.GoodAsync("v2", Cancellation);
        await using var mesh = await Mesh.StartAsync(new MeshPlan(), v1.Address, Cancellation);
        await using var traffic = await Traffic.StartAsync(mesh.Entrances, Cancellation);

        await mesh.Api.AnnounceAsync(Mesh.Name, "v2", v2.Address, Cancellation);
        await mesh.UntilAsync(
            view => view.Phase == Phase.Stable && view.Stable.Name == "v2", "v2 is promoted and baked", Cancellation);
        await traffic.StopWithoutLossAsync(mesh.Describe);

        var view = await mesh.Api.GetAsync(Mesh.Name, Cancellation);
        Assert.Equal(RunOutcome.Promoted, view.Run?.Outcome);
        var kinds = (await mesh.Api.EventsAsync(Mesh.Name, Cancellation)).Select(entry => entry.Kind).ToList();
        Assert.Equal(2, kinds.Count(kind => kind == "StepPassed"));
        Assert.Contains("Promoted", kinds);
    }

    [Fact]
    public async Task StickyUsers_UnderLoad_StayOnTheirArmAndTheSplitIsNotFaulted()
    {
        await using var v1 = await Versions.GoodAsync("v1", Cancellation);
        await using var v2 = await Versions.GoodAsync("v2", Cancellation);
        await using var mesh = await Mesh.StartAsync(new MeshPlan { Stickiness = "stickiness: { header: x-user }", Analysis = "unit: requests" }, v1.Address, Cancellation);

        // Eight users make all the traffic, far too few to be compared as users, so that by chance the share of requests is far from the weight.
        const int Users = 8;
        await using var traffic = await Traffic.StartAsync(mesh.Entrances, Cancellation, users: Users);
        await mesh.Api.AnnounceAsync(Mesh.Name, "v2", v2.Address, Cancellation);
        await mesh.UntilAsync(
            view => view.Phase == Phase.Stable && view.Stable.Name == "v2", "v2 is promoted and baked", Cancellation);
        await traffic.StopWithoutLossAsync(mesh.Describe);

        // Each proxy sees each user, and counts it once however often it comes.
        var view = await mesh.Api.GetAsync(Mesh.Name, Cancellation);
        var samples = (await mesh.Api.RecordAsync(Mesh.Name, view.Run!.Id, Cancellation)).Intervals.Select(interval => interval.Sample).ToList();
        Assert.Equal(2 * Users, samples.Sum(sample => sample.Users is null ? 0 : sample.Users.Stable.Attempts + sample.Users.Canary.Attempts));
        Assert.All(samples, sample => Assert.Equal(
            (sample.Stable.Attempts, sample.Canary.Attempts),
            (sample.StableEndpoints.Sum(endpoint => endpoint.Counts.Attempts), sample.CanaryEndpoints.Sum(endpoint => endpoint.Counts.Attempts))));
        Assert.Contains(samples, sample => sample.CanaryEndpoints.Length == 1);
    }

    [Fact]
    public Task FailingVersion_UnderLoad_IsRolledBackForItsErrors() => IsRolledBackAsync(Versions.FailingAsync, "error");

    [Fact]
    public Task SlowVersion_UnderLoad_IsRolledBackForItsLatency() => IsRolledBackAsync(Versions.SlowAsync, "latency");

    private static async Task IsRolledBackAsync(Func<string, CancellationToken, Task<TestBackend>> bad, string culprit)
    {
        await using var v1 = await Versions.GoodAsync("v1", Cancellation);
        await using var v2 = await bad("v2", Cancellation);
        await using var mesh = await Mesh.StartAsync(new MeshPlan(), v1.Address, Cancellation);
        await using var traffic = await Traffic.StartAsync(mesh.Entrances, Cancellation);

        await mesh.Api.AnnounceAsync(Mesh.Name, "v2", v2.Address, Cancellation);
        await mesh.UntilAsync(view => view.Phase == Phase.Failed, "v2 is rolled back", Cancellation);
        var served = traffic.Answered("v2");
        await mesh.UntilAsync(view => view.Weight.Measured is 0 or null, "all traffic is back on v1", Cancellation);
        await traffic.StopWithoutLossAsync(mesh.Describe);

        var view = await mesh.Api.GetAsync(Mesh.Name, Cancellation);
        Assert.Equal("v1", view.Stable.Name);
        Assert.Equal(RunOutcome.RolledBack, view.Run?.Outcome);
        Assert.Contains(culprit, view.Run?.Reason, StringComparison.OrdinalIgnoreCase);
        Assert.InRange(traffic.Answered("v2"), served, served + 40); // those in flight when the phase was seen
    }
}
