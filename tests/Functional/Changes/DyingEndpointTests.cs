using MeshCanary.Functional.Tests.Meshes;
using MeshCanary.Testing.Exchanges;

namespace MeshCanary.Functional.Tests.Changes;

/// <summary>A request that never reached its endpoint goes to another one: an endpoint that cannot be connected to costs nobody anything.</summary>
public sealed class DyingEndpointTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Requests_WhenAnEndpointRefusesConnections_AreAllServedByAnother()
    {
        await using var fleet = new Fleet();
        List<ConversingBackend> stable = [await fleet.AddAsync("v1", Cancellation), await fleet.AddAsync("v1", Cancellation), await fleet.AddAsync("v1", Cancellation)];
        await using var plane = await ControlPlane.StartAsync(2, [Routes.Of(Routes.Web, "/", stable, [], 0)], Cancellation);
        var clients = plane.Proxies.Select(proxy => new Conversation(proxy.Entrance, System.Net.HttpVersion.Version11)).ToList();
        await using var load = new SteadyLoad(
            TimeSpan.FromMilliseconds(3), clients.SelectMany(client => new Func<int, Task<Reply>>[] { _ => client.GetAsync(), number => client.PostAsync(number % 3000, number) }));
        for (var death = 0; death < 3; death++)
        {
            // It ends what it has and closes its port, but is still in the snapshot.
            await load.MoreAsync(30, Cancellation);
            await stable[death].StopAsync(Cancellation);
            await load.MoreAsync(50, Cancellation);
            await stable[death].RestartAsync(Cancellation);
        }

        await load.StopAsync();
        clients.ForEach(client => client.Dispose());
        Assert.Empty(load.Failures);
        await plane.UntilAsync(() => plane.Reports.Total() >= load.Answered, "every request is reported", Cancellation);
        Assert.Equal(Tallies.Revisions(load, fleet.All), plane.Reports.Revisions());
    }
}
