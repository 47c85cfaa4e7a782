using System.Globalization;
using MeshCanary.Controller.Recording;
using MeshCanary.Controller.Tests.Support;
using MeshCanary.Rollouts.Specs;
using MeshCanary.Rollouts.States;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Time.Testing;

namespace MeshCanary.Controller.Tests.Reconciling;

public sealed class RestartTests : IDisposable
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
    public async Task Restart_InTheMiddle_GoesOnAtTheSameStepWithTheSameEvidence()
    {
        await using var proxy = new FakeProxy("edge");
        var traffic = new TrafficFlow("shop/checkout", proxy);
        Rollouts.States.Run before;
        long counted;
        await using (var controller = await StartAsync(_folder.Path, Lasting(TestController.Manifest("checkout", _v1.Address), TimeSpan.FromSeconds(5))))
        {
            await BeginAsync(controller, proxy);
            var view = await traffic.FlowUntil(controller, view => view is { Run.Step: 1, Weight.Acknowledged: 5000 }, "It does not reach the second step");
            (before, counted) = (view.Run!, view.Verdict!.CanaryRequests);
        }

        await using (var controller = await StartAsync(_folder.Path, Lasting(TestController.Manifest("checkout", _v1.Address), TimeSpan.FromSeconds(5))))
        {
            var first = await controller.Until(view => view.Run is not null, "The run is forgotten");
            Assert.Equal((before.Id, before.Step, before.Weight), (first.Run!.Id, first.Run.Step, first.Run.Weight));
            await proxy.ConnectAsync(controller.Server.Control);
            Assert.True((await traffic.FlowUntil(controller, view => view.Verdict?.CanaryRequests > counted, "It does not go on")).Run!.Id == before.Id);
            await traffic.FlowUntil(controller, view => view.Phase == Phase.Baking, "It is not promoted");
            var events = await controller.EventsAsync();
            Assert.Single(events, entry => entry.Kind == "RunStarted");
            Assert.Single(events, entry => entry.Kind == "Promoted");
        }
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public async Task Counts_AcrossKillsAndBrokenConnections_AreCountedExactlyOnce(int seed)
    {
        var random = new Random(seed);
        await using var one = new FakeProxy("one");
        await using var two = new FakeProxy("two");
        var traffic = new TrafficFlow("shop/checkout", one, two) { Requests = 1000 };
        var folder = _folder.File("0");
        var controller = await StartAsync(folder, Endless());
        try
        {
            await BeginAsync(controller, one, two);
            for (var kill = 1; kill <= 4; kill++)
            {
                for (var second = random.Next(3, 6); second > 0; second--)
                {
                    // The last that was stored before the kill, the proxies do not know to be.
                    one.LosesReceipts = two.LosesReceipts = second <= 2;
                    await traffic.SecondAsync(controller);
                    if (random.Next(3) == 0)
                        await (random.Next(2) == 0 ? one : two).ConnectAsync(controller.Server.Control);
                }

                await one.BreakAsync();
                await two.BreakAsync();
                var next = _folder.File(kill.ToString(CultureInfo.InvariantCulture));
                CrashImage.Take(folder, next);
                await controller.DisposeAsync();
                folder = next;
                controller = await StartAsync(folder, Endless());
                one.LosesReceipts = two.LosesReceipts = false;
                await one.ConnectAsync(controller.Server.Control);
                await two.ConnectAsync(controller.Server.Control);
                await IdleAsync(controller, 6, one, two);
                await controller.Until(view => view.Weight.Acknowledged == 1000, "The weight is not acknowledged");
            }

            await DrainAsync(controller, one, two);
            var record = await controller.Read<RunRecord>("canaries/shop/checkout/runs/r1/record");
            Assert.Equal(traffic.Reported["v2"], record.Intervals.Sum(interval => interval.Sample.Canary.Requests));
            Assert.Empty(RunReplayer.Replay(record).Differences);
            Assert.Equal(Enumerable.Range(1, record.Intervals.Length), record.Intervals.Select(interval => interval.Number));
            Assert.All(record.Intervals.Zip(record.Intervals.Skip(1)), pair => Assert.True(pair.First.Sample.End <= pair.Second.Sample.Start));
        }
        finally
        {
            await controller.DisposeAsync();
        }
    }

    [Fact]
    public async Task Canary_NoLongerInTheFiles_IsReleasedAndKeepsItsPromotedVersionForItsReturn()
    {
        await using var proxy = new FakeProxy("edge");
        var traffic = new TrafficFlow("shop/checkout", proxy);
        await using (var controller = await StartAsync(_folder.Path))
        {
            await BeginAsync(controller, proxy);
            await traffic.FlowUntil(controller, view => view.Phase == Phase.Baking, "It is not promoted");
        }

        await using (var controller = await TestController.StartAsync(_folder.Path, _time))
        {
            await proxy.ConnectAsync(controller.Server.Control);
            _time.Advance(TimeSpan.FromSeconds(6));
            await Eventually.Holds(() => proxy.Newest!.Routes.Count == 0, "The route does not go");
            Assert.Empty(await controller.Read<List<object>>("canaries"));
        }

        await using (var controller = await StartAsync(_folder.Path))
        {
            await proxy.ConnectAsync(controller.Server.Control);
            _time.Advance(TimeSpan.FromSeconds(6));
            var back = await controller.Until(view => view.Phase == Phase.Stable, "It is not adopted again");
            Assert.Equal("v2", back.Stable.Name);
        }
    }

    [Fact]
    public async Task Evidence_OfAnOlderEngine_BeginsAfreshAndTheRunGoesOn()
    {
        await using var proxy = new FakeProxy("edge");
        var traffic = new TrafficFlow("shop/checkout", proxy);
        await using (var controller = await StartAsync(_folder.Path, Endless()))
        {
            await BeginAsync(controller, proxy);
            await traffic.FlowUntil(controller, view => view.Verdict?.Intervals > 3, "Nothing is counted");
        }

        using (var database = StateDatabase.Open(_folder.File("state.db")))
            database.Write(connection => connection.Run(
                "UPDATE canaries SET analysis = json_remove(json_set(analysis, '$.judge.version', 1), '$.judge.endpoints', '$.judge.environment', '$.judge.noise')"));
        await using (var controller = await StartAsync(_folder.Path, Endless()))
        {
            await proxy.ConnectAsync(controller.Server.Control);
            _time.Advance(TimeSpan.FromSeconds(6));
            await Eventually.Holds(async () => (await controller.EventsAsync()).Any(entry => entry.Kind == "AnalysisRestarted"), () => "It does not begin afresh");
            for (var second = 0; second < 4; second++)
                await traffic.SecondAsync(controller);
            var view = await controller.ViewAsync();
            Assert.Equal(("r1", Phase.Progressing, null), (view.Run!.Id, view.Phase, view.Problem));
            Assert.Single(await controller.EventsAsync(), entry => entry.Kind == "AnalysisRestarted");
            var record = await controller.Read<RunRecord>("canaries/shop/checkout/runs/r1/record");
            var afresh = Assert.Single(record.Intervals, interval => interval.IsAfresh && interval.Number > 1);
            Assert.Equal(record.Intervals[^1].Number - afresh.Number + 1, view.Verdict!.Intervals);
            var replay = RunReplayer.Replay(record);
            Assert.Equal((view.Verdict.Intervals, 0), (replay.Verdicts, replay.Differences.Length));
        }
    }

    [Fact]
    public async Task Spec_ChangedAtARestart_LeavesARunItsAnalysisSettings()
    {
        await using var proxy = new FakeProxy("edge");
        var traffic = new TrafficFlow("shop/checkout", proxy);
        await using (var controller = await StartAsync(_folder.Path, Endless()))
        {
            await BeginAsync(controller, proxy);
            await traffic.FlowUntil(controller, view => view.Verdict?.Intervals > 1, "Nothing is counted");
        }

        var changed = Endless();
        changed = changed with
        {
            Spec = changed.Spec with { Analysis = changed.Spec.Analysis with { Settings = changed.Spec.Analysis.Settings with { FalseRollbackRate = 0.2 } } },
        };
        await using (var controller = await StartAsync(_folder.Path, changed))
        {
            await proxy.ConnectAsync(controller.Server.Control);
            await traffic.SecondAsync(controller);
            await traffic.SecondAsync(controller);
            await traffic.SecondAsync(controller);
            var record = await controller.Read<RunRecord>("canaries/shop/checkout/runs/r1/record");
            Assert.Equal(0.01, record.Settings.FalseRollbackRate);
            Assert.All(record.Intervals, interval => Assert.Equal(-Math.Log(0.01), interval.Verdict!.FailThreshold, 9));
            Assert.Contains(await controller.EventsAsync(), entry => entry.Kind == "SpecChanged");
        }
    }

    [Fact]
    public async Task Analysis_OfAnOlderEngine_BeginsAfreshAndSaysSo()
    {
        await using var proxy = new FakeProxy("edge");
        var traffic = new TrafficFlow("shop/checkout", proxy);
        await using (var controller = await StartAsync(_folder.Path, Endless()))
        {
            await BeginAsync(controller, proxy);
            await traffic.FlowUntil(controller, view => view.Verdict?.Intervals > 5, "Nothing is counted");
        }

        // What the engine of layout 1 left behind.
        Execute("UPDATE canaries SET analysis = json_remove(json_set(analysis, '$.judge.version', 1), '$.judge.endpoints', '$.judge.environment', '$.judge.noise', '$.judge.streams[0].opinion')");
        Execute("UPDATE runs SET settings = json_remove(settings, '$.format')");
        Execute("UPDATE intervals SET entry = json_remove(entry, '$.isAfresh')");
        await using (var controller = await StartAsync(_folder.Path, Endless()))
        {
            await proxy.ConnectAsync(controller.Server.Control);
            var view = await traffic.FlowUntil(controller, view => view.Verdict is { Intervals: > 1 }, "It does not begin afresh");
            Assert.True(view.Verdict!.Intervals < 5);
            Assert.Null(view.Problem);
            var told = Assert.Single(await controller.EventsAsync(), entry => entry.Kind == "AnalysisRestarted");
            Assert.Equal("r1", told.RunId);
            var record = await controller.Read<RunRecord>("canaries/shop/checkout/runs/r1/record");
            Assert.Single(record.Intervals, interval => interval.IsAfresh);
            Assert.Equal(RunRecord.CurrentFormat, record.Format);
            var replayed = RunReplayer.Replay(record);
            Assert.Empty(replayed.Differences);
            Assert.InRange(replayed.Verdicts, 1, record.Intervals.Length - 5);
        }
    }

    private void Execute(string sql)
    {
        using var connection = new SqliteConnection($"Data Source={_folder.File("state.db")};Pooling=False");
        connection.Open();
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        command.ExecuteNonQuery();
    }

    private Task<TestController> StartAsync(string folder, CanaryManifest? manifest = null) =>
        TestController.StartAsync(folder, _time, manifest ?? TestController.Manifest("checkout", _v1.Address));

    // Its only step takes an hour at least: nothing ends the run.
    private CanaryManifest Endless() => Lasting(TestController.Manifest("checkout", _v1.Address, 1000), TimeSpan.FromHours(1));

    private static CanaryManifest Lasting(CanaryManifest manifest, TimeSpan atLeast)
    {
        var strategy = manifest.Spec.Strategy;
        var steps = strategy.Steps.Select(step => step with { MinDuration = atLeast, MaxDuration = TimeSpan.FromHours(2) });
        return manifest with { Spec = manifest.Spec with { Strategy = strategy with { Steps = [.. steps] } } };
    }

    private async Task BeginAsync(TestController controller, params FakeProxy[] proxies)
    {
        foreach (var proxy in proxies)
            await proxy.ConnectAsync(controller.Server.Control);
        await controller.Until(view => view.Phase == Phase.Stable, "The Canary is not adopted");
        await controller.AnnounceAsync("v2", _v2.Address);
        await controller.Until(view => view.Weight is { Desired: > 0, Acknowledged: > 0 }, "The weight is not acknowledged");
    }

    private static async Task DrainAsync(TestController controller, params FakeProxy[] proxies)
    {
        await IdleAsync(controller, 5, proxies);
        foreach (var proxy in proxies)
            await Eventually.Holds(() => proxy.Receipted == proxy.Reported, $"Reports of {proxy.Name} are not stored");
    }

    // Each second is heard before the next: proxies that seem silent would be dropped.
    private static async Task IdleAsync(TestController controller, int seconds, params FakeProxy[] proxies)
    {
        for (var second = 0; second < seconds; second++)
        {
            var before = await TrafficFlow.ReceivedAsync(controller);
            controller.Time.Advance(TimeSpan.FromSeconds(1));
            foreach (var proxy in proxies)
                await proxy.ReportAsync(controller.Now - TimeSpan.FromSeconds(1), controller.Now);
            await Eventually.Holds(async () => await TrafficFlow.ReceivedAsync(controller) >= before + proxies.Length, () => "The reports do not arrive");
        }
    }
}
