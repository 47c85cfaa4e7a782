using System.Net;
using MeshCanary.Proxy.Tests.Harness;
using MeshCanary.Testing.Backends;

namespace MeshCanary.Proxy.Tests.Routing;

/// <summary>Arms whose pods are not there yet.</summary>
public sealed class EmptyArmTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Canary_WithoutEndpoints_IsServedByStableUntilTheyCome()
    {
        await using var backend = await TestBackend.StartAsync("v1", Cancellation);
        var empty = Snapshots.Of(1, Snapshots.At(backend.Address), "http://127.0.0.1:1", 10_000, route => route.Canary.Endpoints.Clear());
        await using var proxy = await TestProxy.StartAsync(Cancellation, empty);

        for (var i = 0; i < 10; i++)
            Assert.Equal(HttpStatusCode.OK, await StatusAsync(proxy));

        await proxy.ReportedAsync(10);
        var counts = proxy.Controller.Store.Reports.SelectMany(report => report.Routes).ToList();
        Assert.Equal(10UL, counts.SelectMany(route => route.Draws).Aggregate(0UL, (sum, draws) => sum + draws.Canary));
        Assert.Equal(10UL, counts.SelectMany(route => route.Revisions).Where(revision => revision.Revision == "v1").Aggregate(0UL, (sum, revision) => sum + revision.Diverted));

        await proxy.ApplyAsync(Snapshots.Of(2, Snapshots.At(backend.Address), Snapshots.At(backend.Address), 10_000));
        await StatusAsync(proxy);
        await TestProxy.UntilAsync(
            () => proxy.Controller.Store.Reports.SelectMany(report => report.Routes).SelectMany(route => route.Revisions).Any(revision => revision.Revision == "v2" && revision.Latency.Count > 0),
            "the canary serves");
    }

    [Fact]
    public async Task Stable_WithoutEndpoints_Answers503AndServesWhenTheyCome()
    {
        await using var backend = await TestBackend.StartAsync("v1", Cancellation);
        await using var proxy = await TestProxy.StartAsync(Cancellation, Snapshots.Of(1, [], [], 0));

        Assert.Equal(HttpStatusCode.ServiceUnavailable, await StatusAsync(proxy));
        await proxy.ReportedAsync(1);

        await proxy.ApplyAsync(Snapshots.Of(2, Snapshots.At(backend.Address)));
        Assert.Equal(HttpStatusCode.OK, await StatusAsync(proxy));
    }

    private static async Task<HttpStatusCode> StatusAsync(TestProxy proxy)
    {
        using var response = await proxy.Client.GetAsync(new Uri("/", UriKind.Relative), Cancellation);
        return response.StatusCode;
    }
}
