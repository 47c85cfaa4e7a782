using MeshCanary.Controller.Api;
using MeshCanary.Controller.Tests.Support;
using MeshCanary.Rollouts.States;
using Microsoft.Extensions.Time.Testing;

namespace MeshCanary.Controller.Tests.Distribution;

/// <summary>A proxy without a stream may serve on: "every proxy" means it too, for as long as it may come back.</summary>
public sealed class AbsenceTests : IDisposable
{
    private readonly TempFolder _folder = new();
    private readonly Backend _v1 = new();
    private readonly Backend _v2 = new();
    private readonly FakeTimeProvider _time = new();

    public void Dispose()
    {
        _v1.Dispose();
        _v2.Dispose();
        _folder.Dispose();
    }

    [Fact]
    public async Task Start_OnAStateThatHadProxies_WaitsForThoseThatMayComeBack()
    {
        await using var one = new FakeProxy("one");
        await using var two = new FakeProxy("two");
        await using (var controller = await StartAsync())
            await BeginAsync(controller, one, two);

        await using (var controller = await StartAsync())
        {
            await one.ConnectAsync(controller.Server.Control);
            await UntilWaitingFor(controller, "may be back yet");
            _time.Advance(TimeSpan.FromSeconds(5.9));
            await RestAsync(controller);
            Assert.Null((await controller.ViewAsync()).Weight.Acknowledged);
            _time.Advance(TimeSpan.FromSeconds(0.1));
            await controller.Until(view => view.Weight.Acknowledged == 1000, "The grace does not end");
        }
    }

    [Fact]
    public async Task Start_WhereNothingWasPublishedBefore_WaitsForNobody()
    {
        await using var controller = await StartAsync();
        await using var proxy = new FakeProxy("edge");
        await BeginAsync(controller, proxy);
    }

    [Fact]
    public async Task Proxy_WhoseConnectionBroke_IsWaitedForAndThenShownAsMissing()
    {
        await using var controller = await StartAsync();
        await using var one = new FakeProxy("one");
        await using var two = new FakeProxy("two");
        await BeginAsync(controller, one, two);
        var last = (long)two.Newest!.Version;
        await two.BreakAsync();
        await controller.Until(view => Missing(view)?.Name == "two", "The loss is not noticed");

        await AbortAsync(controller);
        var waiting = await UntilWaitingFor(controller, "proxy two was last seen at 00:00:00 UTC; it may still send its last split");
        Assert.Equal(Phase.RollingBack, waiting.Phase);
        await PassAsync(controller, 19, one);
        Assert.Equal(Phase.RollingBack, (await controller.ViewAsync()).Phase);
        await PassAsync(controller, 1, one);
        var done = await controller.Until(view => view.Phase == Phase.Failed, "The grace does not end");
        Assert.Equal(("two", last), (Missing(done)!.Name, Missing(done)!.AcknowledgedVersion));
        Assert.Contains("missing since 2000-01-01 00:00:00 UTC", Missing(done)!.Problem, StringComparison.Ordinal);

        _time.Advance(TimeSpan.FromHours(1));
        await controller.Until(view => Missing(view)?.Name != "two", "It is remembered for ever");
    }

    [Fact]
    public async Task Proxy_ThatWentSilent_IsWaitedForLikeOneWhoseConnectionBroke()
    {
        await using var controller = await StartAsync();
        await using var one = new FakeProxy("one");
        await using var two = new FakeProxy("two");
        await BeginAsync(controller, one, two);
        two.Answer = _ => null;
        await PassAsync(controller, 12, one);
        await controller.Until(view => Missing(view)?.Name == "two", "The silence is not noticed");
        await AbortAsync(controller);
        await UntilWaitingFor(controller, "proxy two was last seen");
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Proxy_BackOrReplaced_IsNoLongerMissing(bool sameInstance)
    {
        await using var controller = await StartAsync();
        await using var one = new FakeProxy("one");
        await using var two = new FakeProxy("two");
        await BeginAsync(controller, one, two);
        await two.BreakAsync();
        await controller.Until(view => Missing(view) is not null, "The loss is not noticed");
        await AbortAsync(controller);
        await UntilWaitingFor(controller, "proxy two was last seen");

        await using var next = new FakeProxy("two", sameInstance ? two.Instance : null);
        await next.ConnectAsync(controller.Server.Control);
        var done = await controller.Until(view => view.Phase == Phase.Failed, "It is still waited for");
        Assert.Equal(2, done.Proxies.Length);
        Assert.Null(Missing(done));
    }

    [Fact]
    public async Task Proxy_ThatClosedItsStreamInOrder_IsNotMissed()
    {
        await using var controller = await StartAsync();
        await using var one = new FakeProxy("one");
        await using var two = new FakeProxy("two");
        await BeginAsync(controller, one, two);
        await two.StopAsync();
        var view = await controller.Until(view => view.Proxies.Length == 1, "It is still there");
        Assert.Equal("one", view.Proxies[0].Name);
        await AbortAsync(controller);
        await controller.Until(view => view.Phase == Phase.Failed, "It is waited for");
    }

    [Fact]
    public async Task Proxy_ThatHasOtherContentUnderTheVersion_GetsItUnderAnother()
    {
        await using var controller = await StartAsync();
        await using var proxy = new FakeProxy("edge");
        ulong? clash = null;
        proxy.Answer = snapshot => snapshot.Version == (clash ??= snapshot.Version) ? FakeProxy.Nack(snapshot, "other content") : FakeProxy.Ack(snapshot);
        await proxy.ConnectAsync(controller.Server.Control);
        var view = await controller.Until(view => view.Phase == Phase.Stable, "It refuses for ever");
        Assert.True(view.Proxies[0].AcknowledgedVersion > (long)clash!);
    }

    [Fact]
    public async Task Snapshot_RefusedForWhatIsInIt_IsTriedUnderAnotherVersionOnceOnly()
    {
        await using var controller = await StartAsync();
        await using var proxy = new FakeProxy("edge") { Answer = snapshot => FakeProxy.Nack(snapshot, "no") };
        await proxy.ConnectAsync(controller.Server.Control);
        await Eventually.Holds(async () => await TrafficFlow.FigureAsync(controller, "meshcanary_controller_snapshot_refusals_total") == 2, () => "It is not tried again");
        await proxy.SendAsync(FakeProxy.Nack(proxy.Newest!, "no"));
        await Eventually.Holds(async () => await TrafficFlow.FigureAsync(controller, "meshcanary_controller_snapshot_refusals_total") == 3, () => "The refusal does not arrive");
        await RestAsync(controller);
        Assert.Equal((double)proxy.Newest!.Version, await TrafficFlow.FigureAsync(controller, "meshcanary_controller_snapshot_version"));
        Assert.Equal(2, proxy.Snapshots.Count);
    }

    [Fact]
    public async Task Versions_OfAFreshState_AreBeyondThoseOfAnEarlierOne()
    {
        await using var controller = await StartAsync();
        await using var proxy = new FakeProxy("edge");
        await proxy.ConnectAsync(controller.Server.Control);
        await Eventually.Holds(() => proxy.Newest is not null, "No snapshot arrives");
        Assert.True(proxy.Newest!.Version >= (ulong)new FakeTimeProvider().GetUtcNow().ToUnixTimeMilliseconds());
    }

    [Fact]
    public async Task AckLatency_OfAProxyThatComesLater_CountsFromTheSending()
    {
        await using var controller = await StartAsync();
        _time.Advance(TimeSpan.FromMinutes(10));
        await using var proxy = new FakeProxy("late");
        await proxy.ConnectAsync(controller.Server.Control);
        await Eventually.Holds(async () => await TrafficFlow.FigureAsync(controller, "meshcanary_controller_ack_latency_seconds_count") == 1, () => "Nothing is measured");
        Assert.Equal(0, await TrafficFlow.FigureAsync(controller, "meshcanary_controller_ack_latency_seconds_sum"));
    }

    private static ProxyView? Missing(CanaryView view) => view.Proxies.SingleOrDefault(proxy => !proxy.Connected);

    private static Task<CanaryView> UntilWaitingFor(TestController controller, string what) =>
        controller.Until(view => view.WaitingFor?.What.Contains(what, StringComparison.Ordinal) == true, $"Nobody is told of: {what}");

    private static Task RestAsync(TestController controller) =>
        Eventually.Holds(async () => await TrafficFlow.FigureAsync(controller, "meshcanary_controller_queue_depth") == 0, () => "The controller does not come to rest");

    private static async Task AbortAsync(TestController controller)
    {
        using var answer = await controller.PostAsync("canaries/shop/checkout/actions", new ActionRequest("abort", null));
        Assert.True(answer.IsSuccessStatusCode);
    }

    private async Task PassAsync(TestController controller, int seconds, FakeProxy alive)
    {
        for (var second = 0; second < seconds; second++)
        {
            _time.Advance(TimeSpan.FromSeconds(1));
            var sequence = await alive.ReportAsync(controller.Now - TimeSpan.FromSeconds(1), controller.Now);
            await Eventually.Holds(() => alive.Receipted >= sequence, "The report is not receipted");
        }

        await RestAsync(controller);
    }

    private async Task BeginAsync(TestController controller, params FakeProxy[] proxies)
    {
        foreach (var proxy in proxies)
            await proxy.ConnectAsync(controller.Server.Control);
        await controller.Until(view => view.Phase == Phase.Stable && view.Proxies.Length == proxies.Length, "The Canary is not adopted");
        await controller.AnnounceAsync("v2", _v2.Address);
        await controller.Until(view => view.Weight is { Desired: 1000, Acknowledged: 1000 }, "The weight is not acknowledged");
    }

    private Task<TestController> StartAsync() => TestController.StartAsync(_folder.Path, _time, TestController.Manifest("checkout", _v1.Address));
}
