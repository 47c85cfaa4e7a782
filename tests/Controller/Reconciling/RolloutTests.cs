using System.Net;
using MeshCanary.Analysis.Judging;
using MeshCanary.Controller.Api;
using MeshCanary.Controller.Recording;
using MeshCanary.Controller.Tests.Support;
using MeshCanary.Rollouts.States;
using Microsoft.Extensions.Time.Testing;

namespace MeshCanary.Controller.Tests.Reconciling;

public sealed class RolloutTests : IDisposable
{
    private readonly TempFolder _folder = new();
    private readonly Backend _v1 = new();
    private readonly Backend _v2 = new();
    private readonly Backend _v3 = new();
    private readonly FakeTimeProvider _time = new();

    public void Dispose()
    {
        _v1.Dispose();
        _v2.Dispose();
        _v3.Dispose();
        _folder.Dispose();
    }

    [Fact]
    public async Task GoodVersion_OnTwoProxies_IsPromotedAndItsRecordReplaysBitForBit()
    {
        await using var controller = await StartAsync();
        await using var one = new FakeProxy("one");
        await using var two = new FakeProxy("two");
        var traffic = await AdoptAsync(controller, one, two);
        await controller.AnnounceAsync("v2", _v2.Address);

        var baking = await traffic.FlowUntil(controller, view => view.Phase == Phase.Baking, "It is not promoted");
        Assert.Equal("v2", baking.Stable.Name);
        Assert.Equal(RunOutcome.Promoted, baking.Run!.Outcome);
        await Eventually.Holds(() => one.Newest!.Routes[0].Stable.Revision == "v2", "The proxy is not told");
        Assert.Equal(VerdictKind.Pass, baking.Verdict!.Kind);
        var done = await traffic.FlowUntil(controller, view => view.Phase == Phase.Stable, "The bake does not end");
        Assert.Equal("v2", done.Stable.Name);

        var record = await controller.Read<RunRecord>($"canaries/shop/checkout/runs/{baking.Run.Id}/record");
        var replay = RunReplayer.Replay(record);
        Assert.Empty(replay.Differences);
        Assert.True(replay.Verdicts >= 3, $"only {replay.Verdicts} verdicts");
        Assert.Contains(record.Intervals, interval => interval.Use == IntervalUse.Bake);
        Assert.Equal(RunOutcome.Promoted, record.Run.Outcome);
        Assert.Contains(await controller.EventsAsync(), entry => entry.Kind == "Promoted" && entry.Origin == "controller");
        Assert.Contains(await controller.EventsAsync(), entry => entry.Kind == "RevisionAnnounced" && entry.Origin.StartsWith("API client", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Record_WithOneCountChanged_NoLongerReplays()
    {
        await using var controller = await StartAsync();
        await using var proxy = new FakeProxy("edge");
        var traffic = await AdoptAsync(controller, proxy);
        await controller.AnnounceAsync("v2", _v2.Address);
        var view = await traffic.FlowUntil(controller, view => view.Verdict?.Intervals >= 2, "Nothing is counted");

        var record = await controller.Read<RunRecord>($"canaries/shop/checkout/runs/{view.Run!.Id}/record");
        var changed = record.Intervals.Last(interval => interval.Use == IntervalUse.Counted);
        var forged = record with
        {
            Intervals = record.Intervals.Replace(changed, changed with { Sample = changed.Sample with { Canary = changed.Sample.Canary with { Errors = changed.Sample.Canary.Errors + 1 } } }),
        };

        Assert.Empty(RunReplayer.Replay(record).Differences);
        Assert.Equal(changed.Number, RunReplayer.Replay(forged).Differences.First().Interval);
    }

    [Fact]
    public async Task Record_WhoseReasonsAreWordedOtherwise_ReplaysStill()
    {
        await using var controller = await StartAsync();
        await using var proxy = new FakeProxy("edge");
        var traffic = await AdoptAsync(controller, proxy);
        await controller.AnnounceAsync("v2", _v2.Address);
        var view = await traffic.FlowUntil(controller, view => view.Verdict?.Intervals >= 2, "Nothing is counted");

        var record = await controller.Read<RunRecord>($"canaries/shop/checkout/runs/{view.Run!.Id}/record");
        var intervals = record.Intervals.Select(interval => interval with { Verdict = interval.Verdict! with { Reason = "as an older build put it" } });
        Assert.Empty(RunReplayer.Replay(record with { Intervals = [.. intervals] }).Differences);
        intervals = record.Intervals.Select(interval => interval with { Verdict = interval.Verdict! with { FailEvidence = Math.BitIncrement(interval.Verdict.FailEvidence) } });
        Assert.Equal(record.Intervals.Length, RunReplayer.Replay(record with { Intervals = [.. intervals] }).Differences.Length);
    }

    [Fact]
    public async Task Analysis_ThatFails_LeavesPeopleAndDeadlinesInPower()
    {
        var manifest = TestController.Manifest("checkout", _v1.Address);
        manifest = manifest with { Spec = manifest.Spec with { Analysis = manifest.Spec.Analysis with { Settings = manifest.Spec.Analysis.Settings with { FalseRollbackRate = 7 } } } };
        await using var controller = await TestController.StartAsync(_folder.Path, _time, manifest);
        await using var proxy = new FakeProxy("edge");
        var traffic = await AdoptAsync(controller, proxy);
        await controller.AnnounceAsync("v2", _v2.Address);
        var waiting = await traffic.FlowUntil(
            controller, view => view.WaitingFor?.What.Contains("cannot be analysed", StringComparison.Ordinal) == true, "Nobody is told", seconds: 10);
        Assert.Contains("FalseRollbackRate", waiting.WaitingFor!.What, StringComparison.Ordinal);
        Assert.DoesNotContain("Parameter", waiting.WaitingFor.What, StringComparison.Ordinal);
        Assert.True(await TrafficFlow.FigureAsync(controller, "meshcanary_controller_analysis_failures_total") > 0);

        using var abort = await controller.PostAsync("canaries/shop/checkout/actions", new ActionRequest("abort", "it gets nowhere"));
        Assert.Equal(HttpStatusCode.Accepted, abort.StatusCode);
        var ended = await controller.Until(view => view.Phase == Phase.Failed, "It cannot be aborted");
        Assert.Equal(RunOutcome.Aborted, ended.Run!.Outcome);
        Assert.Null(ended.Problem);
    }

    [Fact]
    public async Task FailingVersion_OnEvidence_IsRolledBackAndStaysFailedUntilRetried()
    {
        await using var controller = await StartAsync();
        await using var proxy = new FakeProxy("edge");
        var traffic = await AdoptAsync(controller, proxy);
        traffic.CanaryErrors = 0.2;
        await controller.AnnounceAsync("v2", _v2.Address);

        var failed = await traffic.FlowUntil(controller, view => view.Phase == Phase.Failed, "It is not rolled back");
        Assert.Equal(RunOutcome.RolledBack, failed.Run!.Outcome);
        Assert.Equal("v1", failed.Stable.Name);
        await Eventually.Holds(() => proxy.Newest!.Routes[0].Canary is null, "The arm does not go");

        using var again = await controller.PostAsync("canaries/shop/checkout/revisions", new RevisionRequest("v2", [_v2.Address]));
        Assert.Equal(HttpStatusCode.Conflict, again.StatusCode);
        using var retry = await controller.PostAsync("canaries/shop/checkout/actions", new ActionRequest("retry", "it was the disk"));
        Assert.Equal(HttpStatusCode.Accepted, retry.StatusCode);
        var second = await controller.Until(view => view.Phase == Phase.Progressing, "It is not tried again");
        Assert.NotEqual(failed.Run.Id, second.Run!.Id);
        Assert.Null(second.Verdict);
    }

    [Fact]
    public async Task PromotedVersion_ThatBreaksAGuardInTheBake_GivesWayToTheOldOne()
    {
        await using var controller = await StartAsync();
        await using var proxy = new FakeProxy("edge");
        var traffic = await AdoptAsync(controller, proxy);
        await controller.AnnounceAsync("v2", _v2.Address);
        await traffic.FlowUntil(controller, view => view.Phase == Phase.Baking, "It is not promoted");

        for (var second = 0; second < 4; second++)
        {
            _time.Advance(TimeSpan.FromSeconds(1));
            var bad = new Contracts.V1.RouteCounts { Route = "shop/checkout" };
            bad.Revisions.Add(Counts.Served("v2", 1000, errors: 900));
            await proxy.ReportAsync(controller.Now - TimeSpan.FromSeconds(1), controller.Now, bad);
            await Eventually.Holds(() => proxy.Receipted == proxy.Reported, "The report is not stored");
        }

        var back = await controller.Until(view => view.Phase == Phase.Failed, "It does not return");
        Assert.Equal("v1", back.Stable.Name);
        Assert.Equal(RunOutcome.RolledBack, back.Run!.Outcome);
    }

    [Fact]
    public async Task PromotedVersion_ThatGetsWorseThanInItsRun_GivesWayWithoutAGuardAndItsBakeReplays()
    {
        await using var controller = await StartAsync();
        await using var proxy = new FakeProxy("edge");
        var traffic = await AdoptAsync(controller, proxy);
        await controller.AnnounceAsync("v2", _v2.Address);
        await traffic.FlowUntil(controller, view => view.Phase == Phase.Baking, "It is not promoted");
        await traffic.SecondAsync(controller);
        Assert.Equal(Phase.Baking, (await controller.ViewAsync()).Phase);

        for (var second = 0; second < 6; second++)
        {
            _time.Advance(TimeSpan.FromSeconds(1));
            var bad = new Contracts.V1.RouteCounts { Route = "shop/checkout" };
            bad.Revisions.Add(Counts.Served("v2", 4000, errors: 200));
            await proxy.ReportAsync(controller.Now - TimeSpan.FromSeconds(1), controller.Now, bad);
        }

        var back = await controller.Until(view => view.Phase == Phase.Failed, "It does not return");
        Assert.Equal(("v1", RunOutcome.RolledBack), (back.Stable.Name, back.Run!.Outcome));
        Assert.StartsWith("errors: ", back.Run.Reason, StringComparison.Ordinal);
        var record = await controller.Read<RunRecord>($"canaries/shop/checkout/runs/{back.Run.Id}/record");
        var last = record.Intervals.Last(interval => interval.Use == IntervalUse.Bake);
        Assert.Equal((null, 4), (last.Bake!.Breach, last.Bake.Metrics.Length));
        Assert.Empty(RunReplayer.Replay(record).Differences);
        var forged = record.Intervals.Replace(last, last with { Sample = last.Sample with { Canary = last.Sample.Canary with { Errors = 0 } } });
        Assert.Equal(last.Number, Assert.Single(RunReplayer.Replay(record with { Intervals = forged }).Differences).Interval);
    }

    [Fact]
    public async Task NewerVersion_WhileOneIsInFlight_TakesItsPlaceAndStartsWithoutItsEvidence()
    {
        await using var controller = await StartAsync();
        await using var proxy = new FakeProxy("edge");
        var traffic = await AdoptAsync(controller, proxy);
        await controller.AnnounceAsync("v2", _v2.Address);
        var first = await traffic.FlowUntil(controller, view => view.Verdict?.Intervals >= 2, "Nothing is counted");
        Assert.True(first.Verdict!.CanaryRequests >= 400, "v2 has served too little to tell");
        traffic.Requests = 100;
        await controller.AnnounceAsync("v3", _v3.Address);

        var second = await controller.Until(view => view.Run?.Canary.Name == "v3", "It is not superseded");
        Assert.NotEqual(first.Run!.Id, second.Run!.Id);
        var runs = await controller.Read<List<Run>>("canaries/shop/checkout/runs");
        Assert.Equal([second.Run.Id, first.Run.Id], runs.Select(run => run.Id));
        Assert.Equal(RunOutcome.Superseded, runs[1].Outcome);
        var counted = await traffic.FlowUntil(controller, view => view.Verdict?.Intervals >= 1, "Nothing is counted");
        Assert.True(counted.Verdict!.CanaryRequests < 400, "The evidence of v2 counts for v3");
    }

    private Task<TestController> StartAsync() => TestController.StartAsync(_folder.Path, _time, TestController.Manifest("checkout", _v1.Address));

    private static async Task<TrafficFlow> AdoptAsync(TestController controller, params FakeProxy[] proxies)
    {
        foreach (var proxy in proxies)
            await proxy.ConnectAsync(controller.Server.Control);
        await controller.Until(view => view.Phase == Phase.Stable, "The Canary is not adopted");
        return new TrafficFlow("shop/checkout", proxies);
    }
}
