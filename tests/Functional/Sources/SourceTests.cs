using System.Globalization;
using MeshCanary.Controller.Recording;
using MeshCanary.Functional.Tests.Meshes;
using MeshCanary.Rollouts.States;
using MeshCanary.Testing.Addresses;
using MeshCanary.Testing.Backends;
using MeshCanary.Testing.Meshes;
using MeshCanary.Testing.Processes;

namespace MeshCanary.Functional.Tests.Sources;

/// <summary>The main job once more, judged by what a real Prometheus scraped off the proxies.</summary>
public sealed class SourceTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task GoodVersion_CountedByPrometheus_IsPromotedAlsoWhenItIsAwayForAWhile()
    {
        await using var v1 = await Versions.GoodAsync("v1", Cancellation);
        await using var v2 = await Versions.GoodAsync("v2", Cancellation);
        int[] ports = [FreePort.Find(), FreePort.Find()];
        await using var prometheus = await PrometheusServer.StartAsync(ports.Select(Launch.Loopback), Cancellation);
        await using var mesh = await Mesh.StartAsync(PlanFor(prometheus, ports), v1.Address, Cancellation);
        await using var traffic = await Traffic.StartAsync(mesh.Entrances, Cancellation);

        await mesh.Api.AnnounceAsync(Mesh.Name, "v2", v2.Address, Cancellation);
        await mesh.UntilAsync(view => view.Phase == Phase.Progressing && view.Weight.Acknowledged > 0, "v2 gets traffic", Cancellation);
        await prometheus.StopAsync();
        await mesh.UntilAsync(
            view => view.Phase == Phase.Progressing && view.Run?.Step == 0 && view.WaitingFor?.What.Contains("cannot be reached", StringComparison.Ordinal) == true,
            "the run holds, and says why", Cancellation);
        await prometheus.StartAsync(Cancellation);
        await mesh.UntilAsync(view => view.Phase == Phase.Stable && view.Stable.Name == "v2", "v2 is promoted and baked", Cancellation);
        await traffic.StopWithoutLossAsync(mesh.Describe);

        var view = await mesh.Api.GetAsync(Mesh.Name, Cancellation);
        Assert.Equal(RunOutcome.Promoted, view.Run?.Outcome);
        var record = await mesh.Api.RecordAsync(Mesh.Name, view.Run!.Id, Cancellation);
        Assert.All(record.Intervals, interval => Assert.Contains("meshcanary_proxy_requests_total{revision=~\"(v1|v2)\",route=\"shop/checkout\"}", interval.Queries[0], StringComparison.Ordinal));
        Assert.Contains(view.Explanation, sentence => sentence.Contains("meshcanary_proxy_requests_total{", StringComparison.Ordinal));
        Assert.True(record.Settings.LatencyBoundaries.Length > 10);
        Assert.Empty(RunReplayer.Replay(record).Differences);
        await TellDelayAsync(mesh);
    }

    [Fact]
    public Task FailingVersion_CountedByPrometheus_IsRolledBackForItsErrors() => IsRolledBackAsync(Versions.FailingAsync, "error");

    [Fact]
    public Task SlowVersion_CountedByPrometheus_IsRolledBackForItsLatency() => IsRolledBackAsync(Versions.SlowAsync, "latency");

    [Fact]
    public async Task FailingVersion_CountedByItsOwnMetrics_IsRolledBackForItsErrors()
    {
        await using var v1 = Sample("v1", errors: 0);
        await using var v2 = Sample("v2", errors: 0.15);
        var (stable, canary) = (await AddressAsync(v1), await AddressAsync(v2));
        await using var prometheus = await PrometheusServer.StartAsync([stable.Authority, canary.Authority], Cancellation);
        var plan = PlanFor(prometheus, [FreePort.Find(), FreePort.Find()]) with
        {
            Analysis = $$"""
                source:
                        type: prometheus
                        address: "{{prometheus.Address}}"
                        revisions: { label: instance, by: address }
                        requests: { metric: http_requests_total, errors: [{ label: code, regex: "5.." }] }
                        latency: { metric: http_request_duration_seconds, unit: s }
                """,
        };
        await using var mesh = await Mesh.StartAsync(plan, stable, Cancellation);
        await using var traffic = await Traffic.StartAsync(mesh.Entrances, Cancellation);

        await mesh.Api.AnnounceAsync(Mesh.Name, "v2", canary, Cancellation);
        await mesh.UntilAsync(view => view.Phase == Phase.Failed, "v2 is rolled back", Cancellation);

        var view = await mesh.Api.GetAsync(Mesh.Name, Cancellation);
        Assert.Contains("error", view.Run?.Reason, StringComparison.OrdinalIgnoreCase);
        var record = await mesh.Api.RecordAsync(Mesh.Name, view.Run!.Id, Cancellation);
        Assert.Contains(record.Intervals, interval => interval.Sample.CanaryEndpoints is [{ Counts.Errors: > 0 } endpoint] && endpoint.Endpoint == canary.Authority);
    }

    internal static MeshPlan PlanFor(PrometheusServer prometheus, IReadOnlyList<int> ports) => new()
    {
        Steps = ["{ weight: 20, minDuration: 4s, maxDuration: 80s }", "{ weight: 50, minDuration: 4s, maxDuration: 80s }"],
        BakeTime = "4s",
        Interval = "2s",
        Analysis = $"source: {{ type: prometheus, address: \"{prometheus.Address}\", preset: meshcanary, timeout: 2s }}",
        MetricPorts = ports,
    };

    private static async Task IsRolledBackAsync(Func<string, CancellationToken, Task<TestBackend>> bad, string culprit)
    {
        await using var v1 = await Versions.GoodAsync("v1", Cancellation);
        await using var v2 = await bad("v2", Cancellation);
        int[] ports = [FreePort.Find(), FreePort.Find()];
        await using var prometheus = await PrometheusServer.StartAsync(ports.Select(Launch.Loopback), Cancellation);
        await using var mesh = await Mesh.StartAsync(PlanFor(prometheus, ports), v1.Address, Cancellation);
        await using var traffic = await Traffic.StartAsync(mesh.Entrances, Cancellation);

        await mesh.Api.AnnounceAsync(Mesh.Name, "v2", v2.Address, Cancellation);
        await mesh.UntilAsync(view => view.Phase == Phase.Failed, "v2 is rolled back", Cancellation);
        await traffic.StopWithoutLossAsync(mesh.Describe);

        var view = await mesh.Api.GetAsync(Mesh.Name, Cancellation);
        Assert.Equal(RunOutcome.RolledBack, view.Run?.Outcome);
        Assert.Contains(culprit, view.Run?.Reason, StringComparison.OrdinalIgnoreCase);
        await TellDelayAsync(mesh);
    }

    private static ChildProcess Sample(string version, double errors) => ChildProcess.Start("dotnet", [
        Path.Combine(AppContext.BaseDirectory, "MeshCanary.SampleService.dll"), "--version", version, "--listen", "127.0.0.1:0", "--latency-ms", "5", "--error-rate", errors.ToString(CultureInfo.InvariantCulture),
    ]);

    private static async Task<Uri> AddressAsync(ChildProcess service) => new(await service.LineAsync("listening on ", TimeSpan.FromSeconds(60), Cancellation));

    // How long after a window's end its counts were there: measured, and told; how long is not asserted on a machine of any load.
    private static async Task TellDelayAsync(Mesh mesh)
    {
        using var client = new HttpClient();
        var figures = (await client.GetStringAsync(mesh.Metrics, Cancellation)).Split('\n');
        double Figure(string name) => double.Parse(figures.Single(line => line.StartsWith($"{name}{{source=\"prometheus\"}} ", StringComparison.Ordinal)).Split(' ')[1], CultureInfo.InvariantCulture);

        var windows = Figure("meshcanary_source_delay_seconds_count");
        Assert.True(windows > 0);
        TestContext.Current.SendDiagnosticMessage(
            "{0} windows, on average {1:0.00} s after their end; a query took {2:0.000} s", windows, Figure("meshcanary_source_delay_seconds_sum") / windows,
            Figure("meshcanary_source_query_duration_seconds_sum") / Figure("meshcanary_source_query_duration_seconds_count"));
    }
}
