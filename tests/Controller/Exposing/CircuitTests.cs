using MeshCanary.Controller.Api;
using MeshCanary.Controller.Tests.Support;
using MeshCanary.Rollouts.Specs;
using MeshCanary.Rollouts.States;
using Microsoft.Extensions.Time.Testing;
using Wire = MeshCanary.Contracts.V1;

namespace MeshCanary.Controller.Tests.Exposing;

/// <summary>A proxy that took the canary out by itself ends the run.</summary>
public sealed class CircuitTests : IDisposable
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

    [Theory]
    [InlineData(FailureAction.Rollback, Phase.Failed)]
    [InlineData(FailureAction.Hold, Phase.Paused)]
    public async Task OpenCircuit_OfOneProxy_EndsTheRunInPlainWords(FailureAction onFailure, Phase phase)
    {
        var manifest = TestController.Manifest("checkout", _v1.Address);
        await using var controller = await TestController.StartAsync(_folder.Path, _time, manifest with { Spec = manifest.Spec with { OnFailure = onFailure } });
        await using var edge = new FakeProxy("edge");
        await using var inner = new FakeProxy("inner");
        await BeginAsync(controller, edge, inner);
        Assert.Equal(10u, edge.Newest!.Routes[0].Circuit.Failures);

        // One second only: no window with it closes before.
        _time.Advance(TimeSpan.FromMilliseconds(100));
        await edge.ReportAsync(controller.Now - TimeSpan.FromMilliseconds(100), controller.Now, Opened("v2"));

        var view = await controller.Until(view => view.Phase == phase, "The run goes on");
        Assert.Contains("proxy edge took v2 out by itself: 12 of its 15 requests had failed at once, against 1 of 150 of v1", view.Run!.Reason, StringComparison.Ordinal);
        var events = await controller.EventsAsync();
        Assert.Single(events, entry => entry.Kind == "CircuitOpened" && entry.RunId == "r1");
        Assert.Single(events, entry => entry.Kind == "Failed");
        if (phase == Phase.Paused)
        {
            Assert.Equal([new CircuitView("edge", "open", 1)], view.Circuits);
            Assert.Contains("meshcanary_canary_circuits_open{canary=\"shop/checkout\"} 1", await MetricsAsync(controller), StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task OpenCircuit_ThatClosedBeforeAnybodyLooked_StillEndsTheRun()
    {
        await using var controller = await StartAsync();
        await using var proxy = new FakeProxy("edge");
        await BeginAsync(controller, proxy);
        _time.Advance(TimeSpan.FromMilliseconds(100));
        var closed = Opened("v2");
        closed.Circuit.State = Wire.CircuitReport.Types.State.Closed;
        await proxy.ReportAsync(controller.Now - TimeSpan.FromMilliseconds(100), controller.Now, closed);
        await controller.Until(view => view.Phase == Phase.Failed, "The run goes on");
    }

    [Fact]
    public async Task OpenCircuit_OfAnotherVersionOrAnEarlierRun_DoesNotConcernThisOne()
    {
        await using var controller = await StartAsync();
        await using var proxy = new FakeProxy("edge");
        await BeginAsync(controller, proxy);
        _time.Advance(TimeSpan.FromMilliseconds(100));
        await proxy.ReportAsync(controller.Now - TimeSpan.FromMilliseconds(100), controller.Now, Opened("v0"));
        _time.Advance(TimeSpan.FromMilliseconds(100));
        await proxy.ReportAsync(controller.Now - TimeSpan.FromMilliseconds(100), controller.Now, Opened("v2"));
        await controller.Until(view => view.Phase == Phase.Failed, "The run goes on");

        using var retry = await controller.PostAsync("canaries/shop/checkout/actions", new ActionRequest("retry", null));
        Assert.True(retry.IsSuccessStatusCode);
        var traffic = new TrafficFlow("shop/checkout", proxy);
        var view = await traffic.FlowUntil(controller, view => view.Verdict?.Intervals > 2, "The second run does not get anywhere");
        Assert.Equal(("r2", Phase.Progressing), (view.Run!.Id, view.Phase));
        Assert.Single(await controller.EventsAsync(), entry => entry.Kind == "CircuitOpened");
    }

    [Fact]
    public async Task Mirrored_Copies_AreShownAndRecordedAndNotJudged()
    {
        await using var controller = await StartAsync();
        await using var proxy = new FakeProxy("edge");
        await BeginAsync(controller, proxy);
        var traffic = new TrafficFlow("shop/checkout", proxy)
        {
            AlsoSays = (_, counts) => counts.Mirrors.Add(new Wire.MirrorCounts
            {
                CanaryRevision = "v2",
                Outcomes = new Wire.OutcomeCounts { ServerErrors = 90, Latency = { new Wire.BucketCount { Bucket = 80, Count = 10 } } },
                Dropped = 3,
            }),
        };
        var view = await traffic.FlowUntil(controller, view => view.Mirrored?.Copies >= 300, "Nothing is shown");
        Assert.Equal((view.Mirrored!.Copies * 9 / 10, view.Mirrored.Copies * 3 / 100), (view.Mirrored.Errors, view.Mirrored.Dropped));
        Assert.Equal(Phase.Progressing, view.Phase);
        var record = await controller.Read<MeshCanary.Controller.Recording.RunRecord>("canaries/shop/checkout/runs/r1/record");
        Assert.Equal(view.Mirrored.Copies, record.Intervals.Sum(interval => interval.Mirrored?.Copies ?? 0));
        Assert.Contains("meshcanary_canary_mirrored{canary=\"shop/checkout\",outcome=\"dropped\"} ", await MetricsAsync(controller), StringComparison.Ordinal);
    }

    private static Wire.RouteCounts Opened(string revision) => new()
    {
        Route = "shop/checkout",
        Circuit = new Wire.CircuitReport
        {
            CanaryRevision = revision,
            State = Wire.CircuitReport.Types.State.Open,
            Openings = 1,
            CanaryFailures = 12,
            CanaryRequests = 15,
            StableFailures = 1,
            StableRequests = 150,
        },
    };

    private static Task<string> MetricsAsync(TestController controller) =>
        controller.Http.GetStringAsync(new Uri($"http://{controller.Server.Api}/metrics"), TestContext.Current.CancellationToken);

    private Task<TestController> StartAsync() => TestController.StartAsync(_folder.Path, _time, TestController.Manifest("checkout", _v1.Address));

    private async Task BeginAsync(TestController controller, params FakeProxy[] proxies)
    {
        foreach (var proxy in proxies)
            await proxy.ConnectAsync(controller.Server.Control);
        await controller.Until(view => view.Phase == Phase.Stable && view.Proxies.Length == proxies.Length, "The Canary is not adopted");
        await controller.AnnounceAsync("v2", _v2.Address);
        await controller.Until(view => view.Weight is { Desired: 1000, Acknowledged: 1000 }, "The weight is not acknowledged");
    }
}
