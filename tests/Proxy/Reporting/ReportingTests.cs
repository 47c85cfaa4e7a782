using Grpc.Core;
using MeshCanary.Proxy.Tests.Harness;
using MeshCanary.Testing.Backends;
using MeshCanary.Testing.Files;
using MeshCanary.Testing.Load;
using Microsoft.Extensions.Logging;

namespace MeshCanary.Proxy.Tests.Reporting;

public sealed class ReportingTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Reports_NothingHappens_ComeAllTheSameWithoutGaps()
    {
        await using var proxy = await TestProxy.StartAsync(Cancellation);

        await TestProxy.UntilAsync(() => proxy.Controller.Store.Reports.Count >= 5, "five reports come");

        var reports = proxy.Controller.Store.Reports;
        Assert.Equal(Enumerable.Range(1, reports.Count).Select(i => (ulong)i), reports.Select(report => report.Sequence));
        Assert.All(reports.Zip(reports.Skip(1)), pair => Assert.Equal(pair.First.EndUnixMs, pair.Second.StartUnixMs));
        Assert.All(reports, report => Assert.Empty(report.Routes));
    }

    [Fact]
    public async Task Stream_OfAProxyThatStops_IsClosedInOrder()
    {
        await using var proxy = await TestProxy.StartAsync(Cancellation);
        await TestProxy.UntilAsync(() => proxy.Controller.OpenStreams == 1, "the proxy is connected");

        await proxy.Server.StopAsync(Cancellation);
        await TestProxy.UntilAsync(() => proxy.Controller.OpenStreams == 0, "the stream ends");
        Assert.Equal(1, proxy.Controller.ClosedInOrder);
        Assert.Single(proxy.Controller.Hellos);
    }

    [Fact]
    public async Task Reports_StreamsDropBeforeTheReceipt_AreSentAgainAndCountedOnce()
    {
        await using var backend = await TestBackend.StartAsync("v1", Cancellation);
        await using var proxy = await TestProxy.StartAsync(Cancellation, Snapshots.Of(1, Snapshots.At(backend.Address)));
        await using var load = LoadGenerator.Start(new LoadPlan(proxy.Address, 500));

        for (var round = 1; round <= 4; round++)
        {
            proxy.Controller.Receipts = false;
            var stored = proxy.Controller.Store.Reports.Count;
            await TestProxy.UntilAsync(() => proxy.Controller.Store.Reports.Count > stored + 3, "reports come that get no receipt");
            proxy.Controller.DropStreams();
            proxy.Controller.Receipts = true;
            await TestProxy.UntilAsync(() => proxy.Controller.Hellos.Count > round && proxy.Controller.OpenStreams == 1, "the proxy is back");
        }

        var totals = await load.StopAsync();
        await proxy.Server.StopAsync(Cancellation);
        Assert.Equal(0, totals.Lost);
        Assert.True(proxy.Controller.Store.Repeats > 0, "nothing was sent again");
        Assert.Equal(totals.Sent, proxy.Controller.Store.Sums().Finished);
        var sequences = proxy.Controller.Store.Reports.Select(report => report.Sequence).ToList();
        Assert.Equal(Enumerable.Range(1, sequences.Count).Select(i => (ulong)i), sequences);
        Assert.Single(proxy.Controller.Hellos.Select(hello => hello.InstanceId).Distinct());
        Assert.Equal(1UL, proxy.Controller.Hellos.Last().ActiveVersion);
    }

    [Fact]
    public async Task Reports_ControllerAwayForLong_ComeLaterAndLoseNothing()
    {
        await using var backend = await TestBackend.StartAsync("v1", Cancellation);
        await using var proxy = await TestProxy.StartAsync(Cancellation, Snapshots.Of(1, Snapshots.At(backend.Address)));
        await using var load = LoadGenerator.Start(new LoadPlan(proxy.Address, 200));
        await proxy.Controller.StopAsync();

        await TestProxy.UntilAsync(async () => (await proxy.AdminAsync("/metrics", Cancellation)).Contains("reports_pending 120", StringComparison.Ordinal), "the queue is full");
        var full = load.Totals.Sent;
        await TestProxy.UntilAsync(() => load.Totals.Sent > full + 100, "serving goes on");
        Assert.Contains("meshcanary_proxy_controller_connected 0", await proxy.AdminAsync("/metrics", Cancellation), StringComparison.Ordinal);

        await using var back = await FakeController.StartAsync(Cancellation, proxy.Controller.Address.Port);
        await TestProxy.UntilAsync(() => back.Store.Reports.Count > 110, "the reports come");
        var totals = await load.StopAsync();
        await proxy.Server.StopAsync(Cancellation);
        var finished = back.Store.Sums().Finished + proxy.Controller.Store.Sums().Finished;
        var stored = back.Store.Reports.Concat(proxy.Controller.Store.Reports).DistinctBy(report => report.Sequence)
            .SelectMany(r => r.Routes).SelectMany(r => r.Revisions).Sum(c => c.Latency.Sum(b => (long)b.Count));
        Assert.True(totals is { Lost: 0, Failed: 0 }, $"{totals}");
        Assert.Equal(totals.Sent, stored);
        Assert.True(finished >= stored);
    }

    [Fact]
    public async Task Hello_TokenRotates_TheNextAttemptCarriesTheNewOne()
    {
        using var folder = new TempFolder();
        var token = folder.Write("token", "first\n");
        await using var proxy = await TestProxy.StartAsync(Cancellation, change: options => options with { TokenFile = token });
        await TestProxy.UntilAsync(() => proxy.Controller.OpenStreams == 1, "the proxy says hello");

        await File.WriteAllTextAsync(token, "second", Cancellation);
        proxy.Controller.DropStreams();

        await TestProxy.UntilAsync(() => proxy.Controller.Hellos.Count == 2, "the proxy says hello again");
        Assert.Equal(["Bearer first", "Bearer second"], proxy.Controller.Credentials);
        Assert.Equal((1U, 304U, 16U), (proxy.Controller.Hellos.First().ProtocolVersion, proxy.Controller.Hellos.First().Histogram.BucketCount, proxy.Controller.Hellos.First().Histogram.BucketsPerOctave));
    }

    [Theory]
    [InlineData(StatusCode.FailedPrecondition, "same release")]
    [InlineData(StatusCode.Unauthenticated, "token file")]
    public async Task Refusal_ByTheController_IsSaidWithItsRemedyWhileServingGoesOn(StatusCode status, string remedy)
    {
        await using var controller = await FakeController.StartAsync(Cancellation);
        controller.Refusal = new Status(status, "proxy speaks 1, controller 2");
        await using var proxy = await TestProxy.StartAsync(Cancellation, controller: controller);

        var reason = await proxy.Server.Refused.WaitAsync(TestProxy.Deadline, TimeProvider.System, Cancellation);

        Assert.Contains("proxy speaks 1, controller 2", reason, StringComparison.Ordinal);
        Assert.Contains(remedy, reason, StringComparison.Ordinal);
        Assert.Contains(proxy.Log.Lines, line => line.Level == LogLevel.Error && line.Text.Contains(remedy, StringComparison.Ordinal));
        Assert.StartsWith("200", await proxy.AdminAsync("/healthz", Cancellation), StringComparison.Ordinal);
        Assert.False(proxy.Server.Completion.IsCompleted);
    }
}
