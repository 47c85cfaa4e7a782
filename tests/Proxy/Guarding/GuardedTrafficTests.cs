using System.Net;
using System.Net.WebSockets;
using MeshCanary.Contracts.V1;
using MeshCanary.Proxy.Tests.Harness;
using MeshCanary.Testing.Backends;
using Microsoft.Extensions.Time.Testing;

namespace MeshCanary.Proxy.Tests.Guarding;

public sealed class GuardedTrafficTests : IAsyncLifetime
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
    public async Task Circuit_AfterABurst_SendsTheCanarysShareToStableAndReports()
    {
        _canary.Answer = BackendAnswers.Status(500);
        await using var proxy = await TestProxy.StartAsync(Cancellation, Split(10_000, route => route.Circuit = new Circuit { Failures = 5, WindowMs = 60_000, PauseMs = 3_600_000 }));

        var answers = await GetAsync(proxy, 40);

        Assert.Equal([.. Enumerable.Repeat(HttpStatusCode.InternalServerError, 5), .. Enumerable.Repeat(HttpStatusCode.OK, 35)], answers);
        await TestProxy.UntilAsync(() => proxy.Controller.Store.Sums("v1").Diverted == 35, "the diverted are reported");
        var circuit = Last(proxy).Circuit;
        Assert.Equal(
            (CircuitReport.Types.State.Open, 1u, "v2", 5UL, 5UL),
            (circuit.State, circuit.Openings, circuit.CanaryRevision, circuit.CanaryFailures, circuit.CanaryRequests));
        Assert.Equal(35, Reported(proxy, counts => counts.DivertedCircuit));
        Assert.Equal((0, 40), proxy.Controller.Store.Draws());
        Assert.Equal((0, 5, 35, 0), (proxy.Controller.Store.Sums("v2").Succeeded, proxy.Controller.Store.Sums("v2").Failed, proxy.Controller.Store.Sums("v1").Succeeded, proxy.Controller.Store.Sums("v1").Failed));
    }

    [Fact]
    public async Task Circuit_WhenStableFailsAlike_StaysClosed()
    {
        _canary.Answer = _stable.Answer = BackendAnswers.Status(503);
        await using var proxy = await TestProxy.StartAsync(Cancellation, Split(5000, route => route.Circuit = new Circuit { Failures = 8, WindowMs = 60_000 }));

        await GetAsync(proxy, 200);

        await proxy.ReportedAsync(200);
        Assert.Equal(CircuitReport.Types.State.Closed, Last(proxy).Circuit.State);
        Assert.Equal(0, proxy.Controller.Store.Sums().Diverted);
    }

    [Fact]
    public async Task Circuit_WhenTheCanaryIsWellAgain_Closes()
    {
        _canary.Answer = BackendAnswers.Status(500);
        await using var proxy = await TestProxy.StartAsync(Cancellation, Split(10_000, route => route.Circuit = new Circuit { Failures = 3, WindowMs = 60_000, PauseMs = 1 }));
        await GetAsync(proxy, 3);
        await TestProxy.UntilAsync(() => Last(proxy).Circuit is { Openings: > 0 }, "the circuit is open");

        _canary.Answer = BackendAnswers.Ok;

        await TestProxy.UntilAsync(async () =>
        {
            await GetAsync(proxy, 1);
            return Last(proxy).Circuit.State == CircuitReport.Types.State.Closed;
        }, "the circuit closes");
        var before = _canary.Received;
        await GetAsync(proxy, 10);
        Assert.Equal(10, _canary.Received - before);
    }

    [Fact]
    public async Task Probe_ThatBecomesATunnel_DoesNotHoldTheCircuitHalfOpen()
    {
        var time = new FakeTimeProvider();
        _canary.Answer = BackendAnswers.Status(500);
        await using var proxy = await TestProxy.StartAsync(
            Cancellation, Split(10_000, route => route.Circuit = new Circuit { Failures = 3, WindowMs = 60_000, PauseMs = 1000 }), time: time);
        await GetAsync(proxy, 3);
        _canary.Answer = async context =>
        {
            if (!context.WebSockets.IsWebSocketRequest)
                return;
            using var accepted = await context.WebSockets.AcceptWebSocketAsync();
            await accepted.ReceiveAsync(new byte[100], context.RequestAborted);
        };
        time.Advance(TimeSpan.FromSeconds(1));

        using var tunnel = new ClientWebSocket();
        await tunnel.ConnectAsync(new Uri($"ws://127.0.0.1:{proxy.Server.Listen.Port}/"), Cancellation);
        var before = _canary.Received;
        // The client may know of its tunnel a moment before the circuit does.
        await TestProxy.UntilAsync(async () =>
        {
            before = _canary.Received;
            await GetAsync(proxy, 1);
            return _canary.Received > before;
        }, "the circuit closes");
        before = _canary.Received;
        await GetAsync(proxy, 5);

        Assert.Equal(5, _canary.Received - before);
    }

    [Fact]
    public async Task Budget_OfRequests_IsSpentToTheLastAndNoFurther()
    {
        await using var proxy = await TestProxy.StartAsync(Cancellation, Split(10_000, route => route.Budget = new ExposureBudget { Run = "r1", Requests = 7 }));

        await Task.WhenAll(Enumerable.Range(0, 5).Select(_ => GetAsync(proxy, 10)));

        Assert.Equal((7, 43), (_canary.Received, _stable.Received));
        await TestProxy.UntilAsync(() => Reported(proxy, counts => counts.DivertedBudget) == 43, "the diverted are reported");
        Assert.Equal(("r1", 7UL, 7UL), (Last(proxy).Exposure.Run, Last(proxy).Exposure.Requests, Last(proxy).Exposure.AllowedRequests));

        // Another weight is the same run.
        await proxy.ApplyAsync(Split(9999, route => route.Budget = new ExposureBudget { Run = "r1", Requests = 7 }, version: 2));
        await GetAsync(proxy, 20);
        Assert.Equal(7, _canary.Received);

        await proxy.Controller.AllowAsync(new Allowance { Route = Snapshots.Route, Budget = new ExposureBudget { Run = "r1", Requests = 9 } });
        await TestProxy.UntilAsync(() => Last(proxy).Exposure.AllowedRequests == 9, "the larger part is in force");
        await GetAsync(proxy, 20);
        Assert.Equal(9, _canary.Received);
    }

    [Fact]
    public async Task Budget_OfFailures_EndsTheExposure()
    {
        _canary.Answer = BackendAnswers.Status(500);
        await using var proxy = await TestProxy.StartAsync(Cancellation, Split(10_000, route => route.Budget = new ExposureBudget { Run = "r1", Failures = 4 }));

        await GetAsync(proxy, 20);

        Assert.Equal((4, 16), (_canary.Received, _stable.Received));
    }

    [Fact]
    public async Task Canary_ThatCannotBeReached_SpendsNothing()
    {
        await _canary.AbortAsync();
        await using var proxy = await TestProxy.StartAsync(Cancellation, Split(10_000, route => route.Budget = new ExposureBudget { Run = "r1", Requests = 5 }));

        var answers = await GetAsync(proxy, 20);

        Assert.All(answers, status => Assert.Equal(HttpStatusCode.OK, status));
        await proxy.ReportedAsync(20);
        Assert.Equal(0UL, Last(proxy).Exposure.Requests);
    }

    private static RouteCounts Last(TestProxy proxy) =>
        proxy.Controller.Store.Reports is [.., var report] ? report.Routes.Single() : new RouteCounts { Circuit = new CircuitReport(), Exposure = new ExposureReport() };

    private static long Reported(TestProxy proxy, Func<RevisionCounts, ulong> count) =>
        proxy.Controller.Store.Reports.SelectMany(report => report.Routes).SelectMany(route => route.Revisions).Sum(counts => (long)count(counts));

    private static async Task<List<HttpStatusCode>> GetAsync(TestProxy proxy, int requests)
    {
        List<HttpStatusCode> answers = [];
        for (var i = 0; i < requests; i++)
        {
            using var response = await proxy.Client.GetAsync("/", Cancellation);
            answers.Add(response.StatusCode);
        }

        return answers;
    }

    private Snapshot Split(uint weight, Action<Route> change, ulong version = 1) =>
        Snapshots.Of(version, Snapshots.At(_stable.Address), Snapshots.At(_canary.Address), weight, change);
}
