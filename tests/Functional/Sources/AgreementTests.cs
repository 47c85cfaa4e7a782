using System.Collections.Immutable;
using MeshCanary.Analysis.Judging;
using MeshCanary.Analysis.Samples;
using MeshCanary.Controller.Metrics;
using MeshCanary.Controller.Metrics.Prometheus;
using MeshCanary.Controller.Metrics.Prometheus.Access;
using MeshCanary.Controller.Metrics.Prometheus.Asking;
using MeshCanary.Controller.Recording;
using MeshCanary.Controller.Workloads;
using MeshCanary.Functional.Tests.Meshes;
using MeshCanary.Rollouts.Specs;
using MeshCanary.Rollouts.States;
using MeshCanary.Testing.Addresses;
using MeshCanary.Testing.Backends;
using MeshCanary.Testing.Meshes;
using MeshCanary.Testing.Waiting;
using Microsoft.Extensions.Logging.Abstractions;

namespace MeshCanary.Functional.Tests.Sources;

/// <summary>One run judged by the proxies' own counts, and the very same windows judged again by what a real Prometheus scraped meanwhile.</summary>
public sealed class AgreementTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public Task GoodVersion_BothSources_Pass() => AgreeAsync(Versions.GoodAsync, view => view.Phase == Phase.Stable && view.Stable.Name == "v2", VerdictKind.Pass);

    [Fact]
    public Task FailingVersion_BothSources_Fail() => AgreeAsync(Versions.FailingAsync, view => view.Phase == Phase.Failed, VerdictKind.Fail);

    private static async Task AgreeAsync(
        Func<string, CancellationToken, Task<TestBackend>> version, Func<MeshCanary.Controller.Api.CanaryView, bool> ended, VerdictKind verdict)
    {
        await using var v1 = await Versions.GoodAsync("v1", Cancellation);
        await using var v2 = await version("v2", Cancellation);
        int[] ports = [FreePort.Find(), FreePort.Find()];
        await using var prometheus = await PrometheusServer.StartAsync(ports.Select(Launch.Loopback), Cancellation);
        var plan = SourceTests.PlanFor(prometheus, ports) with { Analysis = "" };
        await using var mesh = await Mesh.StartAsync(plan, v1.Address, Cancellation);
        await using var traffic = await Traffic.StartAsync(mesh.Entrances, Cancellation);
        await mesh.Api.AnnounceAsync(Mesh.Name, "v2", v2.Address, Cancellation);
        await mesh.UntilAsync(ended, "the run ends", Cancellation);
        var view = await mesh.Api.GetAsync(Mesh.Name, Cancellation);
        var record = await mesh.Api.RecordAsync(Mesh.Name, view.Run!.Id, Cancellation);

        var judged = record.Intervals.Where(interval => interval.Use != IntervalUse.Bake).ToList();
        var (windows, boundaries) = await AskAsync(prometheus, record, judged[^1].Sample.End, mesh.Describe);
        await traffic.StopWithoutLossAsync(mesh.Describe);

        var judge = new CanaryJudge(record.Settings with { LatencyBoundaries = boundaries });
        foreach (var interval in judged)
        {
            // A window is a function of its instants: the same ones were asked for.
            var sample = windows.Single(window => window.End == interval.Sample.End).Sample("v1", "v2");
            if (interval.Use == IntervalUse.Warmup)
                judge.Warm(sample);
            else
                judge.Observe(sample);
        }

        Assert.Equal(verdict, judged[^1].Verdict!.Kind);
        Assert.Equal(verdict, judge.Assess().Kind);
        IEnumerable<IntervalSample> proxies = judged.Select(interval => interval.Sample), scraped = windows.Select(window => window.Sample("v1", "v2"));
        AssertNear(proxies.Sum(one => one.Stable.Requests), scraped.Sum(one => one.Stable.Requests));
        AssertNear(proxies.Sum(one => one.Canary.Requests), scraped.Sum(one => one.Canary.Requests));
        AssertNear(proxies.Sum(one => one.Canary.Errors), scraped.Sum(one => one.Canary.Errors));
    }

    private static async Task<(List<ClosedWindow> Windows, ImmutableArray<double> Boundaries)> AskAsync(
        PrometheusServer prometheus, RunRecord record, DateTimeOffset through, Func<string> describe)
    {
        var metrics = new SourceMetrics(Prometheus.Metrics.WithCustomRegistry(Prometheus.Metrics.NewCustomRegistry()));
        var tools = new SourceTools(new PrometheusClient(TimeProvider.System), new FolderCredentials(), metrics, TimeProvider.System, NullLogger.Instance);
        using var source = new PrometheusMetricSource(tools, _ => { });
        var spec = new PrometheusSpec { Address = prometheus.Address.AbsoluteUri, Preset = MetricPreset.Meshcanary };
        var plan = new CollectionPlan
        {
            Id = record.Run.Id,
            Anchor = record.Run.StartedAt,
            Interval = record.Interval,
            CountedThrough = record.Run.StartedAt,
            Held = true,
            Canary = new CountedCanary(
                "shop", Mesh.Name, new SourceSpec { Type = SourceSpec.PrometheusType, Prometheus = spec }, IsProxied: true,
                [record.Run.Baseline, record.Run.Canary], ImmutableDictionary<string, RevisionPods>.Empty),
        };
        MetricReading? reading = null;
        await Eventually.TrueAsync(
            () => (reading = source.Query("shop/checkout", plan)).Windows is [.., var last] && last.End >= through,
            TimeSpan.FromSeconds(60), "all windows of the run are counted", () => $"{reading?.Problem}\n{prometheus.Describe()}\n{describe()}", Cancellation);
        return (reading!.Windows.Where(window => window.End <= through).ToList(), reading.LatencyBoundaries);
    }

    // The first and the last window may be off by what a proxy serves between a scrape and the window's edge.
    private static void AssertNear(long proxies, long scraped) =>
        Assert.True(Math.Abs(proxies - scraped) <= 150 + (0.1 * proxies), $"{proxies} by the proxies' own counts, {scraped} by Prometheus");
}
