using System.Collections.Frozen;
using MeshCanary.Analysis.Judging;
using MeshCanary.Analysis.Judging.Custom;
using MeshCanary.Controller.Api;
using MeshCanary.Controller.Metrics.Providers;
using MeshCanary.Controller.Recording;
using MeshCanary.Controller.Tests.Metrics.Templates;
using MeshCanary.Controller.Tests.Support;
using MeshCanary.Rollouts.Specs;
using MeshCanary.Rollouts.States;
using Microsoft.Extensions.Time.Testing;

namespace MeshCanary.Controller.Tests.Reconciling;

/// <summary>Rollouts that are judged by metrics of other sources too.</summary>
public sealed class CustomMetricTests : IDisposable
{
    private readonly TempFolder _folder = new();
    private readonly Backend _v1 = new();
    private readonly Backend _v2 = new();
    private readonly FakeTimeProvider _time = new(new DateTimeOffset(2026, 3, 1, 12, 0, 0, TimeSpan.Zero));

    public void Dispose()
    {
        _v1.Dispose();
        _v2.Dispose();
        _folder.Dispose();
    }

    [Fact]
    public async Task Version_WithGoodCounts_IsPromotedAndItsRecordReplays()
    {
        var provider = Answering(0.02, 0.02);
        var view = await FollowAsync(provider, view => view.Phase == Phase.Baking, "It is not promoted");
        Assert.Equal(VerdictKind.Pass, view.Verdict!.Kind);
        var record = await RecordAsync(view);
        Assert.Empty(RunReplayer.Replay(record).Differences);
        var asked = record.Intervals.SelectMany(interval => interval.Asked ?? []).ToList();
        Assert.True(asked.Count > 3);
        // Every span once, one behind the other.
        Assert.All(asked.Zip(asked.Skip(1)), pair => Assert.Equal(pair.First.To, pair.Second.From));
        Assert.StartsWith("events of v2 from (127[.]0[.]0[.]1:", asked[0].Questions[0].Query, StringComparison.Ordinal);
        Assert.Equal(asked.Count, record.Intervals.Sum(interval => interval.Sample.Custom?.Length ?? 0));
    }

    [Fact]
    public async Task Version_WithBadCounts_IsRolledBackAndTheMetricIsNamed()
    {
        var view = await FollowAsync(Answering(0.3, 0.02), view => view.Phase == Phase.Failed, "It is not rolled back");
        Assert.StartsWith("orders: canary 30.00 % against 2.00 % of stable", view.Verdict!.Reason, StringComparison.Ordinal);
        Assert.Contains(view.Explanation, sentence => sentence.StartsWith("orders: canary 30.00 %", StringComparison.Ordinal));
        Assert.Empty(RunReplayer.Replay(await RecordAsync(view)).Differences);
    }

    [Fact]
    public async Task Provider_ThatIsOutOfOrder_HoldsTheRunWithItsReason()
    {
        var view = await FollowAsync(
            new ScriptedProvider(_ => new MetricAnswer.Fault(FaultKind.Refused, "401 Unauthorized at http://127.0.0.1:9")),
            view => view.Verdict?.Custom?[0].Unanswered > 20 && view.Verdict.Reason.Contains("errors and latency are proven harmless", StringComparison.Ordinal), "It is not asked");
        Assert.Equal((VerdictKind.NotEnoughData, 0), (view.Verdict!.Kind, view.Run!.Step));
        Assert.Contains("Required metric orders is open", view.Verdict.Reason, StringComparison.Ordinal);
        Assert.Contains("401 Unauthorized", view.Verdict.Reason, StringComparison.Ordinal);
        Assert.Contains("401 Unauthorized", Assert.Single(view.Asked).Absence, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Restart_InTheMiddle_AsksNoStoredSpanAgainAndGoesOnWithTheSameEvidence()
    {
        var (before, after) = (Answering(0.02, 0.02), Answering(0.02, 0.02));
        var first = await FollowAsync(before, view => view.Verdict?.Custom?[0].Answered >= 3, "It is not asked");
        var stored = first.Asked[0].To;
        var view = await FollowAsync(after, view => view.Phase == Phase.Baking, "It is not promoted", announce: false);
        Assert.True(view.Verdict!.Custom!.Value[0].Answered > first.Verdict!.Custom!.Value[0].Answered);
        Assert.All(after.Asked, question => Assert.True(question.From >= stored));
        Assert.Empty(RunReplayer.Replay(await RecordAsync(view)).Differences);
    }

    private ScriptedProvider Answering(double canary, double stable) => new(question => ScriptedProvider.One(
        question.Query.StartsWith("total", StringComparison.Ordinal) ? 100 : 100 * (question.Query.Contains("of v2", StringComparison.Ordinal) ? canary : stable)));

    private async Task<CanaryView> FollowAsync(ScriptedProvider provider, Func<CanaryView, bool> wanted, string otherwise, bool announce = true)
    {
        await using var proxy = new FakeProxy("edge");
        var traffic = new TrafficFlow("shop/checkout", proxy);
        var options = TestController.Options(_folder.Path, Manifest()) with { MetricProviders = new[] { provider }.ToFrozenDictionary<IMetricProvider, string>(one => one.Type) };
        await using var controller = await TestController.StartAsync(options, _time);
        await proxy.ConnectAsync(controller.Server.Control);
        _time.Advance(TimeSpan.FromSeconds(6));
        await controller.Until(view => view.Phase is not Phase.Adopting, "It is not adopted");
        if (announce)
            await controller.AnnounceAsync("v2", _v2.Address);
        return await traffic.FlowUntil(controller, wanted, otherwise, 200);
    }

    private async Task<RunRecord> RecordAsync(CanaryView view)
    {
        await using var controller = await TestController.StartAsync(_folder.Path, _time, Manifest());
        return await controller.Read<RunRecord>($"canaries/shop/checkout/runs/{view.Run!.Id}/record");
    }

    private CanaryManifest Manifest()
    {
        var manifest = TestController.Manifest("checkout", _v1.Address);
        var template = new MetricTemplateSpec
        {
            Provider = new MetricProviderSpec { Type = "prometheus", Address = "http://127.0.0.1:9" },
            Query = "events of {{ revision }} from {{ podRegex }}",
            TotalQuery = "total of {{ revision }}",
        };
        return manifest with
        {
            Spec = manifest.Spec with
            {
                Analysis = manifest.Spec.Analysis with
                {
                    Metrics = [new MetricSpec { Name = "orders", Inline = template, Interval = TimeSpan.FromSeconds(2), Delay = TimeSpan.FromSeconds(1) }],
                    Settings = manifest.Spec.Analysis.Settings with { Metrics = [new CustomMetric { Name = "orders", Kind = CustomKind.Counts, HarmAbsolute = 0.015, Overdispersion = 1 }] },
                },
            },
        };
    }
}
