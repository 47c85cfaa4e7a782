using MeshCanary.Contracts.V1;
using MeshCanary.Proxy.Tests.Harness;
using MeshCanary.Testing.Backends;

namespace MeshCanary.Proxy.Tests.Routing;

public sealed class FirstVisitTests : IAsyncLifetime
{
    private TestBackend _stable = null!;
    private TestBackend _canary = null!;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        _stable = await TestBackend.StartAsync("v1", Cancellation);
        _canary = await TestBackend.StartAsync("v2", Cancellation);
    }

    public async ValueTask DisposeAsync()
    {
        await _stable.DisposeAsync();
        await _canary.DisposeAsync();
    }

    [Fact]
    public async Task Header_UsersWhoComeOften_AreEachCountedOnceByHowTheFirstRequestEnded()
    {
        const int Users = 60;
        _canary.Answer = BackendAnswers.Status(500);
        await using var proxy = await TestProxy.StartAsync(Cancellation, Split(1, 5_000, ByHeader));

        var versions = new string[Users];
        for (var round = 0; round < 4; round++)
            await Parallel.ForAsync(0, 3 * Users, new ParallelOptions { MaxDegreeOfParallelism = 8, CancellationToken = Cancellation }, async (i, _) => versions[i % Users] = await AsAsync(proxy, $"user-{i % Users}"));
        for (var i = 0; i < 20; i++)
            await SendAsync(proxy, _ => { });
        await proxy.Server.StopAsync(Cancellation);

        var canary = versions.Count(version => version == "v2");
        Assert.InRange(canary, 1, Users - 1);
        Assert.Equal((Users - canary, canary), proxy.Controller.Store.Users("v2"));
        var users = proxy.Controller.Store.Reports.SelectMany(report => report.Routes).SelectMany(route => route.Users).ToList();
        Assert.Equal(canary, users.Sum(u => OutcomeSums.Failed(u.Canary)));
        Assert.Equal(0, users.Sum(u => OutcomeSums.Failed(u.Stable)));
        Assert.Equal((12 * Users) + 20, proxy.Controller.Store.Sums().Finished);
    }

    [Fact]
    public async Task Cookie_MintedAndBrought_AreEachOneUser()
    {
        await using var proxy = await TestProxy.StartAsync(Cancellation, Split(1, 10_000, route => route.Stickiness = new Stickiness { Cookie = "mc-user" }));
        using var first = await proxy.Client.GetAsync("/", Cancellation);
        var minted = first.Headers.GetValues("Set-Cookie").Single().Split(';')[0];

        foreach (var cookie in new[] { minted, "mc-user=known-before", minted, "mc-user=known-before" })
            await SendAsync(proxy, request => request.Headers.Add("Cookie", cookie));
        await proxy.Server.StopAsync(Cancellation);

        Assert.Equal((0, 2), proxy.Controller.Store.Users("v2"));
        Assert.Equal(5, proxy.Controller.Store.Sums("v2").Finished);
    }

    [Fact]
    public async Task Rule_SendsAUserToTheCanary_IsNoVisit()
    {
        await using var proxy = await TestProxy.StartAsync(Cancellation, Split(1, 10_000, route =>
        {
            ByHeader(route);
            route.CanaryRules.Add(new MatchRule { Conditions = { new Condition { Part = Condition.Types.Part.Path, Operator = Condition.Types.Operator.Prefix, Value = "/beta" } } });
        }));

        await AsAsync(proxy, "anna", "/beta");
        await AsAsync(proxy, "bert", "/beta");
        await AsAsync(proxy, "anna");
        await proxy.Server.StopAsync(Cancellation);

        Assert.Equal((0, 1), proxy.Controller.Store.Users("v2"));
    }

    [Fact]
    public async Task Canary_NotReady_SpendsTheVisitsThatStableServesForIt()
    {
        _canary.Answer = BackendAnswers.Status(500);
        await using var proxy = await TestProxy.StartAsync(Cancellation, Split(1, 10_000, route =>
        {
            ByHeader(route);
            route.Canary.HealthCheck = new HealthCheck { HttpPath = "/healthz" };
        }));
        await TestProxy.UntilAsync(async () => await SendAsync(proxy, _ => { }) == "v1", "the health check takes the canary out");

        Assert.Equal("v1", await AsAsync(proxy, "anna"));
        _canary.Answer = BackendAnswers.Ok;
        await TestProxy.UntilAsync(async () => await SendAsync(proxy, _ => { }) == "v2", "the canary is back");
        Assert.Equal("v2", await AsAsync(proxy, "anna"));
        Assert.Equal("v2", await AsAsync(proxy, "bert"));
        await proxy.Server.StopAsync(Cancellation);

        Assert.Equal((0, 1), proxy.Controller.Store.Users("v2"));
    }

    [Fact]
    public async Task Users_OfTheNextRun_AreCountedAnewAndWithoutWeightNotAtAll()
    {
        await using var proxy = await TestProxy.StartAsync(Cancellation, Split(1, 0, ByHeader));
        await AsAsync(proxy, "anna");
        await TestProxy.UntilAsync(() => proxy.Controller.Store.Reports[^1].Routes.Single().Users.Count == 1, "it says that users are counted");
        Assert.Equal((0, 0), proxy.Controller.Store.Users("v2"));

        await proxy.ApplyAsync(Split(2, 5_000, ByHeader));
        await AsAsync(proxy, "anna");
        await proxy.ApplyAsync(Split(3, 10_000, ByHeader));
        await AsAsync(proxy, "anna");
        await proxy.ApplyAsync(Snapshots.Of(4, [Snapshots.At(_stable.Address)], [], 0, ByHeader));
        await AsAsync(proxy, "anna");
        await TestProxy.UntilAsync(() => proxy.Controller.Store.Reports[^1].Routes.Single().Users.Count == 0, "nobody counts users without a canary");
        await proxy.ApplyAsync(Split(5, 10_000, ByHeader));
        await AsAsync(proxy, "anna");
        await proxy.ApplyAsync(Split(6, 10_000, route =>
        {
            ByHeader(route);
            route.Canary.Revision = "v3";
        }));
        await AsAsync(proxy, "anna");
        await proxy.Server.StopAsync(Cancellation);

        var (stable, canary) = proxy.Controller.Store.Users("v2");
        Assert.Equal(2, stable + canary);
        Assert.Equal((0, 1), proxy.Controller.Store.Users("v3"));
    }

    private static void ByHeader(Route route) => route.Stickiness = new Stickiness { Header = "X-User" };

    private static Task<string> AsAsync(TestProxy proxy, string user, string path = "/") => SendAsync(proxy, request => request.Headers.Add("x-user", user), path);

    private static async Task<string> SendAsync(TestProxy proxy, Action<HttpRequestMessage> change, string path = "/")
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, path);
        change(request);
        using var response = await proxy.Client.SendAsync(request, Cancellation);
        return response.Headers.TryGetValues("x-version", out var values) ? values.Single() : $"{(int)response.StatusCode}";
    }

    private Snapshot Split(ulong version, uint weight, Action<Route>? change = null) =>
        Snapshots.Of(version, Snapshots.At(_stable.Address), Snapshots.At(_canary.Address), weight, change);
}
