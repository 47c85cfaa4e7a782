using MeshCanary.Functional.Tests.Meshes;
using MeshCanary.Testing.Exchanges;
using MeshCanary.Testing.Meshes;

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
        var answered = 0L;
        for (var death = 0; death < 3; death++)
        {
            // Between two loads: a request that meets the end of its connection may have been read, and is not sent twice.
            await stable[death].StopAsync(Cancellation);
            await using var load = new SteadyLoad(
                TimeSpan.FromMilliseconds(3), clients.SelectMany(client => new Func<int, Task<Reply>>[] { _ => client.GetAsync(), number => client.PostAsync(number % 3000, number) }));
            await load.MoreAsync(50, Cancellation);
            await load.StopAsync();
            Assert.Empty(load.Failures);
            answered += load.Answered;
            await stable[death].RestartAsync(Cancellation);
        }

        clients.ForEach(client => client.Dispose());
        await plane.UntilAsync(() => plane.Reports.Total() >= answered, "every request is reported", Cancellation);
        Assert.Equal(new Dictionary<string, long> { ["v1 Success"] = answered }, plane.Reports.Revisions());
    }
}
