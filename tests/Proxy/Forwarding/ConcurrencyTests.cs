using System.Net;
using MeshCanary.Contracts.V1;
using MeshCanary.Proxy.Tests.Harness;
using MeshCanary.Testing.Backends;

namespace MeshCanary.Proxy.Tests.Forwarding;

public sealed class ConcurrencyTests : IAsyncLifetime
{
    private readonly TaskCompletionSource _release = new();
    private TestBackend _stable = null!;
    private TestBackend _canary = null!;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        _stable = await HoldingAsync("v1");
        _canary = await HoldingAsync("v2");
    }

    public async ValueTask DisposeAsync()
    {
        await _stable.DisposeAsync();
        await _canary.DisposeAsync();
    }

    [Fact]
    public async Task Requests_AboveTheCaps_GoToStableAndThenAreTurnedAway()
    {
        await using var proxy = await TestProxy.StartAsync(Cancellation, Split(1, canary: 2, stable: 3));
        var served = await StartAsync(proxy, 2, () => _canary.Received == 2);
        served.AddRange(await StartAsync(proxy, 3, () => _stable.Received == 3));

        using var refused = await proxy.Client.GetAsync("/", Cancellation);
        Assert.Equal(HttpStatusCode.ServiceUnavailable, refused.StatusCode);
        Assert.Equal("1", Assert.Single(refused.Headers.GetValues("Retry-After")));

        // The same caps in a new snapshot: what runs still holds its place.
        await proxy.ApplyAsync(Split(2, canary: 2, stable: 3, change: route => route.CanaryWeight = 9_999));
        using var again = await proxy.Client.GetAsync("/", Cancellation);
        Assert.Equal(HttpStatusCode.ServiceUnavailable, again.StatusCode);

        _release.SetResult();
        foreach (var response in await Task.WhenAll(served))
            Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        using var after = await proxy.Client.GetAsync("/", Cancellation);
        Assert.Equal(HttpStatusCode.OK, after.StatusCode);
        await proxy.Server.StopAsync(Cancellation);

        var (stable, canary) = (proxy.Controller.Store.Sums("v1"), proxy.Controller.Store.Sums("v2"));
        Assert.Equal(2, stable.TurnedAway);
        Assert.Equal((6, 6), (stable.Finished + canary.Finished, stable.Succeeded + canary.Succeeded));
        Assert.Equal(stable.Finished, stable.Diverted);
        Assert.Equal(stable.Diverted, proxy.Controller.Store.Reports.SelectMany(r => r.Routes).SelectMany(r => r.Revisions).Sum(r => (long)r.DivertedConcurrency));
    }

    private async Task<List<Task<HttpResponseMessage>>> StartAsync(TestProxy proxy, int requests, Func<bool> arrived)
    {
        var started = Enumerable.Range(0, requests).Select(_ => proxy.Client.GetAsync("/", Cancellation)).ToList();
        await TestProxy.UntilAsync(arrived, "the requests arrive");
        return started;
    }

    private Task<TestBackend> HoldingAsync(string version) => TestBackend.StartAsync(
        new TestBackendOptions
        {
            Version = version,
            Answer = async context =>
            {
                await _release.Task.WaitAsync(context.RequestAborted);
                await BackendAnswers.Ok(context);
            },
        },
        Cancellation);

    private Snapshot Split(ulong version, uint canary, uint stable, Action<Route>? change = null) =>
        Snapshots.Of(version, Snapshots.At(_stable.Address), Snapshots.At(_canary.Address), 10_000, route =>
        {
            (route.Canary.MaxConcurrentRequests, route.Stable.MaxConcurrentRequests) = (canary, stable);
            change?.Invoke(route);
        });
}
