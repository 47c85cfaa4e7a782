using System.Net;
using MeshCanary.Functional.Tests.Meshes;
using MeshCanary.Testing.Exchanges;
using MeshCanary.Testing.Meshes;
using MeshCanary.Testing.Waiting;

namespace MeshCanary.Functional.Tests.Counts;

/// <summary>Each request is in exactly one interval report, under the version and endpoint that served it and the way it ended.</summary>
public sealed class ExactCountTests
{
    private const int GivenUp = 6;
    private const int InFlight = 12;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Reports_OfEveryOutcomeUnderLoadAndOfADrain_AreWhatClientsSaw()
    {
        await using var fleet = new Fleet();
        List<ConversingBackend> stable = [await fleet.AddAsync("v1", Cancellation), await fleet.AddAsync("v1", Cancellation)];
        List<ConversingBackend> canary = [await fleet.AddAsync("v2", Cancellation)];
        List<ConversingBackend> stableCalls = [await fleet.AddAsync("g1", Cancellation, grpc: true)];
        List<ConversingBackend> canaryCalls = [await fleet.AddAsync("g2", Cancellation, grpc: true)];
        await using var plane = await ControlPlane.StartAsync(
            2, [Routes.Of(Routes.Web, "/", stable, canary, 3000), Routes.Of(Routes.Grpc, "/echo.Echo", stableCalls, canaryCalls, 5000)], Cancellation);
        await using var mixed = await MixedLoad.StartAsync([.. plane.Proxies.Select(proxy => proxy.Entrance)], Cancellation, withFailures: true);
        for (var weight = 1000u; weight <= 9000; weight += 1000)
        {
            await plane.ApplyAsync(Routes.Of(Routes.Web, "/", stable, canary, weight), Cancellation);
            Assert.True(plane.Reports.Total() <= mixed.Load.Begun, "more is reported than was sent");
        }

        using var leaving = new Conversation(plane.Proxies[0].Entrance, HttpVersion.Version11);
        for (var i = 0; i < GivenUp; i++)
        {
            mixed.Load.Add(await leaving.AbandonAsync(() => UntilAsync(() => fleet.All.Sum(backend => backend.Hanging) == 1, "a version has it"), Cancellation));
            await UntilAsync(() => fleet.All.Sum(backend => backend.Hanging) == 0, "the version knows that it was given up");
        }

        await mixed.Load.MoreAsync(10, Cancellation);
        await mixed.FinishAsync(fleet.All, Cancellation, others: GivenUp);
        await DrainAsync(plane, fleet, mixed.Load);

        await plane.UntilAsync(() => plane.Reports.Total() >= mixed.Load.Answered, "every request is reported", Cancellation);
        var more = plane.Reports.Count + 5;
        await plane.UntilAsync(() => plane.Reports.Count >= more, "more reports come", Cancellation);
        Assert.Equal(Tallies.Endpoints(mixed.Load, fleet.All), plane.Reports.Endpoints());
        Assert.Equal(Tallies.Revisions(mixed.Load, fleet.All), plane.Reports.Revisions());
        Assert.Equal(
            mixed.Load.Replies.Where(pair => pair.Key.Outcome == Outcome.ConnectionFailure).Sum(pair => pair.Value),
            fleet.All.Sum(backend => backend.Hidden(Outcome.ConnectionFailure)));
        Assert.Equal(GivenUp, fleet.All.Sum(backend => backend.Hidden(Outcome.GivenUp)));
        Assert.Empty(plane.Reports.Faults);
    }

    [Fact]
    public async Task Diverted_WhileTheCanaryIsNotReady_AreDrawnForItAndServedByStable()
    {
        await using var fleet = new Fleet();
        List<ConversingBackend> stable = [await fleet.AddAsync("v1", Cancellation)];
        List<ConversingBackend> canary = [await fleet.AddAsync("v2", Cancellation)];
        await canary[0].StopAsync(Cancellation);
        var route = Routes.Of(Routes.Web, "/", stable, canary, 4000, Routes.Header("x-early", "yes"));
        route.Canary.HealthCheck = new() { HttpPath = "/ready" };
        await using var plane = await ControlPlane.StartAsync(2, [route], Cancellation);
        using var first = new Conversation(plane.Proxies[0].Entrance, HttpVersion.Version11);
        using var second = new Conversation(plane.Proxies[1].Entrance, HttpVersion.Version20);
        const int Early = 4; // every so many carries the rule's header
        await using var load = new SteadyLoad(
            TimeSpan.FromMilliseconds(2),
            new[] { first, second }.Select(client => (Func<int, Task<Reply>>)(number => client.GetAsync("get", number % Early == 0 ? ("x-early", "yes") : null))));
        await load.MoreAsync(100, Cancellation);
        Assert.All(load.Replies, pair => Assert.Equal("v1", pair.Key.Version));
        await canary[0].RestartAsync(Cancellation);
        await plane.UntilAsync(() => load.Replies.Any(pair => pair.Key.Version == "v2"), "the canary serves", Cancellation);
        await load.MoreAsync(100, Cancellation);
        await load.StopAsync();
        Assert.Empty(load.Failures);

        await plane.UntilAsync(() => plane.Reports.Total() >= load.Answered, "every request is reported", Cancellation);
        Assert.Equal(Tallies.Endpoints(load, fleet.All), plane.Reports.Endpoints());
        var (drawnStable, drawnCanary, diverted) = plane.Reports.Draws(Routes.Web);
        var ruled = load.BegunOfEach.Sum(begun => (begun + Early - 1) / Early);
        Assert.Equal(load.Answered, drawnStable + drawnCanary + ruled);
        Assert.Equal(load.Replies.Where(pair => pair.Key.Version == "v2").Sum(pair => pair.Value), drawnCanary + ruled - diverted);
        Assert.True(diverted > 0, "some had to be diverted");
    }

    /// <summary>A proxy that is asked to end answers what is in flight, and its last report has it.</summary>
    private static async Task DrainAsync(ControlPlane plane, Fleet fleet, SteadyLoad tally)
    {
        using var client = new Conversation(plane.Proxies[1].Entrance, HttpVersion.Version11);
        var before = fleet.All.Sum(backend => backend.Received);
        var last = Enumerable.Range(0, InFlight).Select(_ => client.GetAsync("slow", cancellation: Cancellation)).ToList();
        await UntilAsync(() => fleet.All.Sum(backend => backend.Received) == before + InFlight, "all are in flight");
        Assert.Equal(0, await plane.Proxies[1].TerminateAsync(Cancellation));
        foreach (var reply in await Task.WhenAll(last))
            tally.Add(reply);
    }

    private static Task UntilAsync(Func<bool> condition, string because) =>
        Eventually.TrueAsync(condition, TimeSpan.FromSeconds(60), because, cancellation: Cancellation);
}
