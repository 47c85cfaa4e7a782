using MeshCanary.Functional.Tests.Meshes;
using MeshCanary.Testing.Exchanges;
using MeshCanary.Testing.Meshes;

namespace MeshCanary.Functional.Tests.Counts;

/// <summary>Whatever becomes of the stream between proxy and controller, each request is counted once.</summary>
public sealed class FaultCountTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public async Task Reports_OverStreamsThatBreakAndReceiptsThatAreLost_HaveEveryRequestOnce(int seed)
    {
        await using var fleet = new Fleet();
        List<ConversingBackend> stable = [await fleet.AddAsync("v1", Cancellation)];
        List<ConversingBackend> canary = [await fleet.AddAsync("v2", Cancellation)];
#pragma warning disable RS0030 // The seed is the test's.
        var chance = new Random(seed);
#pragma warning restore RS0030
        FaultRelay? relay = null;
        await using var plane = await ControlPlane.StartAsync(
            2, [Routes.Of(Routes.Web, "/", stable, canary, 3000)], Cancellation,
            async controller => (relay = await FaultRelay.StartAsync(controller, chance, Cancellation)).Address);
        await using var relaying = relay!;
        var clients = plane.Proxies.Select(proxy => new Conversation(proxy.Entrance, System.Net.HttpVersion.Version11)).ToList();
        await using var load = new SteadyLoad(
            TimeSpan.FromMilliseconds(3), clients.SelectMany(client => new Func<int, Task<Reply>>[] { _ => client.GetAsync(), _ => client.FailAsync() }));
        await plane.UntilAsync(() => relaying.Cuts >= 6 && relaying.Lost >= 6, "streams broke and receipts were lost", Cancellation);
        Assert.True(plane.Reports.Total() <= load.Begun, "more is reported than was sent");
        await load.StopAsync();
        clients.ForEach(client => client.Dispose());
        Assert.Empty(load.Failures);

        relaying.Calm();
        await plane.UntilAsync(() => plane.Reports.Total() >= load.Answered, "every request is reported", Cancellation);
        var more = plane.Reports.Count + 5;
        await plane.UntilAsync(() => plane.Reports.Count >= more, "more reports come", Cancellation);
        Assert.Equal(Tallies.Endpoints(load, fleet.All), plane.Reports.Endpoints());
        Assert.Equal(Tallies.Revisions(load, fleet.All), plane.Reports.Revisions());
        Assert.Empty(plane.Reports.Faults);
        Assert.Equal(Sum(load, Outcome.Success), await ShownAsync(plane, "success"));
        Assert.Equal(Sum(load, Outcome.ServerError), await ShownAsync(plane, "server_error"));
    }

    private static long Sum(SteadyLoad load, Outcome outcome) => load.Replies.Where(pair => pair.Key.Outcome == outcome).Sum(pair => pair.Value);

    // What /metrics of all proxies together says.
    private static async Task<long> ShownAsync(ControlPlane plane, string outcome)
    {
        var pages = await Task.WhenAll(plane.Proxies.Select(proxy => proxy.MetricsAsync(Cancellation)));
        return (long)pages.SelectMany(page => page)
            .Where(line => line.Key.StartsWith("meshcanary_proxy_requests_total{", StringComparison.Ordinal) && line.Key.Contains($"class=\"{outcome}\"", StringComparison.Ordinal))
            .Sum(line => line.Value);
    }
}
