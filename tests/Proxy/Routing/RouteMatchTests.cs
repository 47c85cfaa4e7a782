using MeshCanary.Contracts.V1;
using MeshCanary.Proxy.Tests.Harness;
using MeshCanary.Testing.Backends;
using Microsoft.AspNetCore.Http;

namespace MeshCanary.Proxy.Tests.Routing;

public sealed class RouteMatchTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Request_HostAndPath_FindTheMostSpecificRoute()
    {
        await using var backend = await TestBackend.StartAsync("v1", Cancellation);
        var at = Snapshots.At(backend.Address);
        var snapshot = new Snapshot
        {
            Version = 1,
            Routes =
            {
                Route("any-api", "/api", at),
                Route("named", "/", at, "shop.example"),
                Route("named-api", "/api/", at, "shop.example"),
                Route("wild", "/", at, "*.example"),
            },
        };
        await using var proxy = await TestProxy.StartAsync(Cancellation, snapshot);

        await GetAsync(proxy, "shop.example", "/x");
        await GetAsync(proxy, "shop.example", "/api");
        await GetAsync(proxy, "SHOP.example:8080", "/API/x");
        await GetAsync(proxy, "other.example", "/api/x");
        await GetAsync(proxy, "elsewhere", "/api/x");
        await proxy.ReportedAsync(5);

        var served = proxy.Controller.Store.Reports.SelectMany(r => r.Routes).GroupBy(r => r.Route)
            .ToDictionary(group => group.Key, group => group.Sum(r => r.Revisions.Sum(c => c.Latency.Sum(b => (long)b.Count))));
        Assert.Equal(1, served["named"]);
        Assert.Equal(2, served["named-api"]);
        Assert.Equal(1, served["wild"]);
        Assert.Equal(1, served["any-api"]);
    }

    [Theory]
    [InlineData("elsewhere", "/")]
    [InlineData("elsewhere", "/apix")]
    public async Task Request_NoRoute_IsToldSo(string host, string path)
    {
        await using var proxy = await TestProxy.StartAsync(
            Cancellation, new Snapshot { Version = 1, Routes = { Route("any-api", "/api", "http://127.0.0.1:1"), Route("named", "/", "http://127.0.0.1:1", "shop.example") } });

        var (status, body) = await GetAsync(proxy, host, path);

        Assert.Equal(StatusCodes.Status404NotFound, status);
        Assert.Equal($"No route matches host '{host}' and path '{path}'.\n", body);
    }

    private static async Task<(int Status, string Body)> GetAsync(TestProxy proxy, string host, string path)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, path) { Headers = { Host = host } };
        using var response = await proxy.Client.SendAsync(request, Cancellation);
        return ((int)response.StatusCode, await response.Content.ReadAsStringAsync(Cancellation));
    }

    private static Route Route(string name, string prefix, string endpoint, params string[] hosts) =>
        new() { Name = name, PathPrefix = prefix, Hosts = { hosts }, Stable = Snapshots.Arm("v1", endpoint) };
}
