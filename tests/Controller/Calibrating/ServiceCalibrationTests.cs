using System.Collections.Immutable;
using MeshCanary.Analysis.Calibration;
using MeshCanary.Analysis.Samples;
using MeshCanary.Controller.Calibrating;
using MeshCanary.Controller.Metrics;
using MeshCanary.Controller.Recording;
using MeshCanary.Controller.Tests.Support;
using MeshCanary.Rollouts.Deciding;
using MeshCanary.Rollouts.Revisions;
using MeshCanary.Rollouts.Specs;
using MeshCanary.Rollouts.States;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;

namespace MeshCanary.Controller.Tests.Calibrating;

/// <summary>What is learned of a service's noise, from the proxies' windows to the settings of a run.</summary>
public sealed class ServiceCalibrationTests : IDisposable
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
    public void History_OfAnHour_IsFreshAfterARestartAndAPromotion()
    {
        using var database = StateDatabase.Open(_folder.File("state.db"));
        var (calibration, status) = Open(database);
        Teach(calibration, status, minutes: 70);
        var known = calibration.ProfileAt(_time.GetUtcNow());
        calibration.Save(_time.GetUtcNow());
        var (again, _) = Open(database);

        Assert.Equal(CalibrationStanding.Fresh, known.Standing);
        Assert.Equal(known.Metrics, again.ProfileAt(_time.GetUtcNow()).Metrics);
        Teach(again, status with { Stable = new Revision { Name = "v2", Addresses = ["http://127.0.0.1:2"] } }, minutes: 5);
        Assert.True(again.ProfileAt(_time.GetUtcNow()).Metrics[0].ComparedBlocks > known.Metrics[0].ComparedBlocks);
    }

    [Theory]
    [InlineData(Phase.Promoting)]
    [InlineData(Phase.Baking)]
    [InlineData(Phase.RollingBack)]
    [InlineData(Phase.Releasing)]
    public void Windows_WhileVersionsChange_TeachNothing(Phase phase)
    {
        using var database = StateDatabase.Open(_folder.File("state.db"));
        var (calibration, status) = Open(database);
        Teach(calibration, status with { Phase = phase }, minutes: 70);
        Assert.Equal(CalibrationStanding.Missing, calibration.ProfileAt(_time.GetUtcNow()).Standing);
    }

    [Fact]
    public void Store_ThatCannotBeWritten_CostsNoRollout()
    {
        using var database = StateDatabase.Open(_folder.File("state.db"));
        var (calibration, status) = Open(database);
        Teach(calibration, status, minutes: 3);
        using (var other = new SqliteConnection($"Data Source={_folder.File("state.db")};Pooling=False"))
        {
            other.Open();
            using var held = other.BeginTransaction(deferred: false);
            calibration.Save(_time.GetUtcNow());
            Assert.NotNull(database.Problem);
        }

        calibration.Save(_time.GetUtcNow());
        Assert.Null(database.Problem);
        Assert.NotNull(new CalibrationStore(database).Find("shop/checkout"));
    }

    [Theory]
    [InlineData("{")]
    [InlineData("""{"version":99,"days":[],"metrics":[],"endpoints":[]}""")]
    [InlineData("""{"version":1}""")]
    [InlineData("""{"version":1,"days":[null],"metrics":[null],"endpoints":[null]}""")]
    public async Task Calibration_ThatCannotBeRead_BeginsAfreshAndSaysSoOnce(string stored)
    {
        await using (await StartAsync())
        {
        }

        using (var database = StateDatabase.Open(_folder.File("state.db")))
            database.Write(connection => connection.Run("INSERT INTO calibrations (key, state) VALUES ('shop/checkout', $state)", ("$state", stored)));
        await using var controller = await StartAsync();
        await controller.Until(view => view.Calibration?.Standing == CalibrationStanding.Missing, "It does not begin afresh");
        await using var proxy = new FakeProxy("edge");
        await proxy.ConnectAsync(controller.Server.Control);
        await Eventually.Holds(
            async () => (await controller.EventsAsync()).Count(entry => entry.Kind == "CalibrationRestarted") == 1, () => "Nobody is told");
    }

    [Fact]
    public async Task Run_ThatBegins_FreezesTheCalibrationAndReplays()
    {
        using (var database = StateDatabase.Open(_folder.File("state.db")))
        {
            var (calibration, status) = Open(database);
            Teach(calibration, status, minutes: 70);
            calibration.Save(_time.GetUtcNow());
        }

        await using var controller = await StartAsync();
        await using var proxy = new FakeProxy("edge");
        await proxy.ConnectAsync(controller.Server.Control);
        _time.Advance(TimeSpan.FromSeconds(6));
        var before = await controller.Until(view => view.Phase == Phase.Stable, "It is not adopted");
        Assert.Equal(CalibrationStanding.Fresh, before.Calibration!.Standing);
        await controller.AnnounceAsync("v2", _v2.Address);
        var traffic = new TrafficFlow("shop/checkout", proxy);
        var view = await traffic.FlowUntil(controller, view => view.Verdict?.Intervals >= 3, "Nothing is counted");

        var record = await controller.Read<RunRecord>($"canaries/shop/checkout/runs/{view.Run!.Id}/record");
        Assert.Equal(CalibrationStanding.Fresh, record.Settings.Calibration!.Standing);
        Assert.Equal(before.Calibration.Metrics[1].Overdispersion, record.Settings.Calibration.Metrics[1].Overdispersion);
        Assert.Empty(RunReplayer.Replay(record).Differences);
        Assert.DoesNotContain(view.Verdict!.Caveats, caveat => caveat.Contains("overdispersion of 4", StringComparison.Ordinal));
        var figures = await controller.Http.GetStringAsync(new Uri($"http://{controller.Server.Api}/metrics"), TestContext.Current.CancellationToken);
        Assert.Contains("meshcanary_calibration_fresh{canary=\"shop/checkout\"} 1", figures, StringComparison.Ordinal);
        Assert.Contains("meshcanary_calibration_overdispersion{canary=\"shop/checkout\",metric=\"errors\"} ", figures, StringComparison.Ordinal);
        Assert.Contains("meshcanary_calibration_alarm{canary=\"shop/checkout\",metric=\"errors\"} 0", figures, StringComparison.Ordinal);
    }

    [Fact]
    public async Task StableTraffic_BetweenRuns_IsKeptAtTheStop()
    {
        await using (var controller = await StartAsync())
        {
            await using var proxy = new FakeProxy("edge");
            await proxy.ConnectAsync(controller.Server.Control);
            _time.Advance(TimeSpan.FromSeconds(6));
            await controller.Until(view => view.Phase == Phase.Stable, "It is not adopted");
            await new TrafficFlow("shop/checkout", proxy).FlowUntil(controller, view => view.Calibration?.Reason?.Contains("no endpoint", StringComparison.Ordinal) == true, "Nothing is learned", 20);
        }

        using var database = StateDatabase.Open(_folder.File("state.db"));
        Assert.True(new CalibrationStore(database).Find("shop/checkout")!.Latency.Total > 0);
    }

    private static CanaryManifest Manifest(string address)
    {
        var manifest = TestController.Manifest("checkout", address);
        var settings = manifest.Spec.Analysis.Settings with { ErrorOverdispersion = null, LatencyOverdispersion = null };
        return manifest with { Spec = manifest.Spec with { Analysis = manifest.Spec.Analysis with { Settings = settings } } };
    }

    private static (ServiceCalibration Calibration, RolloutStatus Status) Open(StateDatabase database)
    {
        var manifest = Manifest("http://127.0.0.1:1");
        var status = Decider.Begin(manifest.Spec, DateTimeOffset.UnixEpoch) with { Phase = Phase.Stable };
        return (new ServiceCalibration(manifest, new CalibrationStore(database), NullLogger.Instance), status);
    }

    // Two endpoints whose minutes differ by chance alone, ending now.
    private void Teach(ServiceCalibration calibration, RolloutStatus status, int minutes)
    {
        var random = new Random(5);
        for (var minute = 0; minute < minutes; minute++)
        {
            var start = _time.GetUtcNow();
            _time.Advance(TimeSpan.FromMinutes(1));
            ImmutableArray<EndpointCounts> endpoints = [new("http://10.0.0.1:80", Arm(random)), new("http://10.0.0.2:80", Arm(random))];
            calibration.Learn(status, [new ClosedWindow
            {
                Start = start,
                End = _time.GetUtcNow(),
                Revisions = ImmutableDictionary<string, WindowArm>.Empty.Add(status.Stable.Name, new WindowArm(endpoints[0].Counts.Merge(endpoints[1].Counts), endpoints)),
                Users = ImmutableDictionary<(string Stable, string Canary), UserSample>.Empty,
                Draws = ImmutableDictionary<(string Revision, int Weight), WindowDraws>.Empty,
                ConfigVersions = [],
                Sequences = ImmutableDictionary<string, long>.Empty,
            }]);
        }
    }

    private static ArmCounts Arm(Random random)
    {
        var latency = new long[LatencyBuckets.Count];
        var errors = 0;
        for (var request = 0; request < 1000; request++)
        {
            if (random.Next(100) == 0)
                errors++;
            else
                latency[100 + random.Next(40)]++;
        }

        return new ArmCounts { Errors = errors, Latency = LatencyHistogram.FromCounts(latency) };
    }

    private Task<TestController> StartAsync() => TestController.StartAsync(_folder.Path, _time, Manifest(_v1.Address));
}
