using System.Net;
using MeshCanary.Contracts.V1;
using MeshCanary.Proxy.Configuring;
using MeshCanary.Proxy.Tests.Harness;
using MeshCanary.Testing.Backends;

namespace MeshCanary.Proxy.Tests.Routing;

/// <summary>One canary that is served on several ports.</summary>
public sealed class PortTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Requests_OfTwoPorts_GoToThatPortsEndpointsAndAreCountedAsOneCanary()
    {
        await using var shop = await TestBackend.StartAsync("shop", Cancellation);
        await using var stock = await TestBackend.StartAsync("stock", Cancellation);
        await using var proxy = await TestProxy.StartAsync(
            Cancellation, change: options => options with { Listen = [.. Enumerable.Repeat(new IPEndPoint(IPAddress.Loopback, 0), 3)] });
        var ports = proxy.Server.Cleartext.Select(address => address.Port).ToArray();
        var snapshot = Snapshots.Of(1, Snapshots.At(shop.Address), Snapshots.At(shop.Address), 5000, route => route.Port = (uint)ports[0]);
        var second = snapshot.Routes[0].Clone();
        second.Port = (uint)ports[1];
        second.Stable.Endpoints[0] = second.Canary.Endpoints[0] = Snapshots.At(stock.Address);
        snapshot.Routes.Add(second);
        await proxy.ApplyAsync(snapshot);

        for (var i = 0; i < 40; i++)
        {
            Assert.Equal("shop", await VersionAt(proxy, ports[0]));
            Assert.Equal("stock", await VersionAt(proxy, ports[1]));
        }

        using var elsewhere = await proxy.Client.GetAsync(new Uri($"http://127.0.0.1:{ports[2]}/"), Cancellation);
        Assert.Equal(HttpStatusCode.NotFound, elsewhere.StatusCode);
        await proxy.ReportedAsync(80);
        var routes = proxy.Controller.Store.Reports.SelectMany(report => report.Routes).ToList();
        Assert.All(routes, route => Assert.Equal(Snapshots.Route, route.Route));
        Assert.Equal(80UL, routes.SelectMany(route => route.Draws).Aggregate(0UL, (sum, draws) => sum + draws.Stable + draws.Canary));
        // All endpoints of the canary are told together: two arms on two ports.
        Assert.All(routes.Where(route => route.Endpoints.Count > 0), route => Assert.Equal(4, route.Endpoints.Count));
    }

    [Fact]
    public async Task Guard_OfTwoPorts_IsOne()
    {
        await using var backend = await TestBackend.StartAsync("v", Cancellation);
        await using var proxy = await TestProxy.StartAsync(
            Cancellation, change: options => options with { Listen = [new IPEndPoint(IPAddress.Loopback, 0), new IPEndPoint(IPAddress.Loopback, 0)] });
        var ports = proxy.Server.Cleartext.Select(address => address.Port).ToArray();
        var snapshot = Snapshots.Of(1, Snapshots.At(backend.Address), Snapshots.At(backend.Address), 10_000, route =>
        {
            route.Port = (uint)ports[0];
            route.Budget = new ExposureBudget { Run = "r", Requests = 5 };
        });
        var second = snapshot.Routes[0].Clone();
        second.Port = (uint)ports[1];
        snapshot.Routes.Add(second);
        await proxy.ApplyAsync(snapshot);

        for (var i = 0; i < 10; i++)
        {
            await VersionAt(proxy, ports[0]);
            await VersionAt(proxy, ports[1]);
        }

        await proxy.ReportedAsync(20);
        var served = proxy.Controller.Store.Reports.SelectMany(report => report.Routes).SelectMany(route => route.Revisions)
            .Where(revision => revision.Revision == "v2").Sum(revision => revision.Latency.Sum(bucket => (long)bucket.Count));
        Assert.Equal(5, served);
    }

    [Fact]
    public void Faults_TwoPortsOfDifferentCanaries_AreNamed()
    {
        var snapshot = Snapshots.Of(1, "http://127.0.0.1:1", "http://127.0.0.1:2", 100, route => route.Port = 80);
        var second = snapshot.Routes[0].Clone();
        (second.Port, second.CanaryWeight) = (81, 200);
        snapshot.Routes.Add(second);
        Assert.Contains("that of port 81 is another canary than that of port 80", Assert.Single(SnapshotValidator.Faults(snapshot)), StringComparison.Ordinal);

        second.CanaryWeight = 100;
        second.Stable.Endpoints[0] = "http://127.0.0.1:3";
        Assert.Empty(SnapshotValidator.Faults(snapshot));

        second.Port = 80;
        Assert.Contains(SnapshotValidator.Faults(snapshot), fault => fault.Contains("the name is given twice", StringComparison.Ordinal));
    }

    private static async Task<string> VersionAt(TestProxy proxy, int port)
    {
        using var response = await proxy.Client.GetAsync(new Uri($"http://127.0.0.1:{port}/"), Cancellation);
        response.EnsureSuccessStatusCode();
        return response.Headers.GetValues("x-version").Single();
    }
}
