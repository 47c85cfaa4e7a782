using MeshCanary.Contracts.V1;
using MeshCanary.Proxy.Tests.Harness;
using MeshCanary.Testing.Backends;

namespace MeshCanary.Proxy.Tests.Routing;

public sealed class SplitTests : IAsyncLifetime
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

    [Theory]
    [InlineData(100)]
    [InlineData(2_500)]
    public async Task Draws_WithoutKey_FollowTheWeightAndAreReportedExactly(uint weight)
    {
        const int Requests = 4_000;
        await using var proxy = await TestProxy.StartAsync(Cancellation, Split(3, weight));

        var canary = 0;
        await Parallel.ForAsync(0, Requests, new ParallelOptions { MaxDegreeOfParallelism = 4, CancellationToken = Cancellation }, async (_, _) =>
        {
            if (await VersionAsync(proxy, "/") == "v2")
                Interlocked.Increment(ref canary);
        });

        // Six standard deviations: one false alarm in a thousand million runs.
        var share = weight / 10_000.0;
        var margin = 6 * Math.Sqrt(Requests * share * (1 - share));
        Assert.InRange(canary, (Requests * share) - margin, (Requests * share) + margin);
        await proxy.ReportedAsync(Requests);
        Assert.Equal((Requests - canary, canary), proxy.Controller.Store.Draws(version: 3));
        Assert.Equal(canary, proxy.Controller.Store.Sums("v2").Succeeded);
        Assert.Equal(Requests - canary, proxy.Controller.Store.Sums("v1").Succeeded);
        var draws = proxy.Controller.Store.Reports.SelectMany(r => r.Routes).SelectMany(r => r.Draws).First();
        Assert.Equal(("v2", weight), (draws.CanaryRevision, draws.CanaryWeight));
    }

    [Fact]
    public async Task Cookie_Minted_KeepsTheArmAndNeverGoesBackAsTheWeightRises()
    {
        await using var proxy = await TestProxy.StartAsync(Cancellation, Split(1, 2_000, Sticky));
        Dictionary<string, string> arms = [];
        for (var i = 0; i < 60; i++)
        {
            using var response = await proxy.Client.GetAsync("/", Cancellation);
            var cookie = Assert.Single(response.Headers.GetValues("Set-Cookie"));
            Assert.EndsWith("; Path=/; HttpOnly; SameSite=Lax", cookie, StringComparison.Ordinal);
            arms.Add(cookie.Split(';')[0], response.Headers.GetValues("x-version").Single());
        }

        Assert.Equal(2, arms.Values.Distinct().Count());
        foreach (var (weight, version) in new[] { (2_000u, 2UL), (5_000u, 3UL), (8_000u, 4UL), (10_000u, 5UL) })
        {
            await proxy.ApplyAsync(Split(version, weight, Sticky));
            foreach (var (cookie, before) in arms.ToList())
            {
                var now = await VersionAsync(proxy, "/", request => request.Headers.Add("Cookie", $"other=1; {cookie}"));
                Assert.True(now == before || (now == "v2" && weight > 2_000), $"{cookie} went from {before} to {now} at {weight}");
                arms[cookie] = now;
            }
        }

        Assert.All(arms.Values, arm => Assert.Equal("v2", arm));
    }

    [Fact]
    public async Task Header_Key_KeepsTheArm()
    {
        await using var proxy = await TestProxy.StartAsync(Cancellation, Split(1, 5_000, route => route.Stickiness = new Stickiness { Header = "X-User" }));

        for (var user = 0; user < 20; user++)
        {
            HashSet<string> arms = [];
            for (var i = 0; i < 5; i++)
                arms.Add(await VersionAsync(proxy, "/", request => request.Headers.Add("x-user", $"user-{user}")));
            Assert.Single(arms);
        }
    }

    [Fact]
    public async Task Cookie_OfAUserWhoComesAgain_IsReportedAsARepeatedDraw()
    {
        await using var proxy = await TestProxy.StartAsync(Cancellation, Split(1, 5_000, Sticky));
        await VersionAsync(proxy, "/");
        for (var i = 0; i < 4; i++)
            await VersionAsync(proxy, "/", request => request.Headers.Add("Cookie", "mc-user=somebody"));
        await proxy.ReportedAsync(5);

        var draws = proxy.Controller.Store.Reports.SelectMany(report => report.Routes).SelectMany(route => route.Draws).ToList();
        Assert.Equal(5UL, draws.Aggregate(0UL, (sum, drawn) => sum + drawn.Stable + drawn.Canary));
        Assert.Equal(4UL, draws.Aggregate(0UL, (sum, drawn) => sum + drawn.RepeatStable + drawn.RepeatCanary));
    }

    [Fact]
    public async Task Rules_Match_GoToTheCanaryAndAreNotDrawn()
    {
        await using var proxy = await TestProxy.StartAsync(Cancellation, Split(1, 0, route => route.CanaryRules.Add(
        [
            Rule(Condition.Types.Part.Header, "X-Beta", Condition.Types.Operator.Exact, "yes"),
            Rule(Condition.Types.Part.Cookie, "beta", Condition.Types.Operator.Present, ""),
            Rule(Condition.Types.Part.Query, "be ta", Condition.Types.Operator.Prefix, "y&"),
            Rule(Condition.Types.Part.Path, "", Condition.Types.Operator.Prefix, "/beta"),
        ])));

        Assert.Equal("v2", await VersionAsync(proxy, "/", request => request.Headers.Add("x-beta", "yes")));
        Assert.Equal("v2", await VersionAsync(proxy, "/", request => request.Headers.Add("Cookie", "a=b; beta=")));
        Assert.Equal("v2", await VersionAsync(proxy, "/?a=b&be+ta=y%26x"));
        Assert.Equal("v2", await VersionAsync(proxy, "/beta/x"));
        Assert.Equal("v1", await VersionAsync(proxy, "/betamax?beta=no", request => request.Headers.Add("x-beta", "no")));

        await proxy.ReportedAsync(5);
        Assert.Equal((1, 0), proxy.Controller.Store.Draws());
    }

    [Fact]
    public async Task Canary_Dead_IsServedByStableAndCountedAsDiverted()
    {
        await using var proxy = await TestProxy.StartAsync(Cancellation, Split(1, 10_000));
        await _canary.AbortAsync();

        // The first three find out, and are tried again on stable; then the canary is out of rotation.
        for (var i = 0; i < 5; i++)
            Assert.Equal("v1", await VersionAsync(proxy, "/"));
        await proxy.Server.StopAsync(Cancellation);

        var canary = proxy.Controller.Store.Sums("v2");
        var stable = proxy.Controller.Store.Sums("v1");
        Assert.Equal((0, 3), (canary.Finished, canary.Retries));
        Assert.Equal((5, 5, 0), (stable.Diverted, stable.Succeeded, stable.Retries));
        Assert.Equal((0, 5), proxy.Controller.Store.Draws());
        Assert.Equal([("v1", true), ("v2", false)], Health(proxy));
    }

    [Fact]
    public async Task Canary_Returns_IsServedAgain()
    {
        await using var proxy = await TestProxy.StartAsync(Cancellation, Split(1, 10_000));
        await _canary.AbortAsync();
        await TestProxy.UntilAsync(async () => await VersionAsync(proxy, "/") == "v1", "requests go to stable");

        await _canary.RestartAsync(Cancellation);

        await TestProxy.UntilAsync(async () => await VersionAsync(proxy, "/") == "v2", "requests go to the canary again");
    }

    [Fact]
    public async Task Canary_UnhealthyByItsOwnCheck_GetsNoRequestsUntilItIsWell()
    {
        _canary.Answer = BackendAnswers.Status(500);
        await using var proxy = await TestProxy.StartAsync(Cancellation, Split(1, 10_000, Checked));

        await TestProxy.UntilAsync(async () => await VersionAsync(proxy, "/") == "v1", "the health check takes the canary out");
        await TestProxy.UntilAsync(() => Health(proxy).SequenceEqual([("v1", true), ("v2", false)]), "the reports say so");
        _canary.Answer = BackendAnswers.Ok;

        await TestProxy.UntilAsync(async () => await VersionAsync(proxy, "/") == "v2", "the health check brings the canary back");
        await TestProxy.UntilAsync(() => Health(proxy).SequenceEqual([("v1", true), ("v2", true)]), "the reports say so");
    }

    private static void Checked(Route route)
    {
        route.Stable.HealthCheck = new HealthCheck { HttpPath = "/healthz" };
        route.Canary.HealthCheck = new HealthCheck { HttpPath = "/healthz" };
    }

    private static IEnumerable<(string Revision, bool Ready)> Health(TestProxy proxy) =>
        proxy.Controller.Store.Reports[^1].Routes.Single().Endpoints.Select(endpoint => (endpoint.Revision, endpoint.Ready)).Order();

    private static void Sticky(Route route) => route.Stickiness = new Stickiness { Cookie = "mc-user" };

    private static MatchRule Rule(Condition.Types.Part part, string name, Condition.Types.Operator @operator, string value) =>
        new() { Conditions = { new Condition { Part = part, Name = name, Operator = @operator, Value = value } } };

    private static async Task<string> VersionAsync(TestProxy proxy, string path, Action<HttpRequestMessage>? change = null)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, path);
        change?.Invoke(request);
        using var response = await proxy.Client.SendAsync(request, Cancellation);
        return response.Headers.TryGetValues("x-version", out var values) ? values.Single() : $"{(int)response.StatusCode}";
    }

    private Snapshot Split(ulong version, uint weight, Action<Route>? change = null) =>
        Snapshots.Of(version, Snapshots.At(_stable.Address), Snapshots.At(_canary.Address), weight, change);
}
