using MeshCanary.Analysis.Judging;
using MeshCanary.Analysis.Kayenta;
using MeshCanary.Controller.Recording;
using MeshCanary.Controller.Tests.Support;
using MeshCanary.Rollouts.Specs;
using MeshCanary.Rollouts.States;
using Microsoft.Extensions.Time.Testing;

namespace MeshCanary.Controller.Tests.Reconciling;

/// <summary>Rollouts that are judged by Kayenta's rules.</summary>
public sealed class KayentaTests : IDisposable
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
    [InlineData(KayentaVersion.V1, 0, Phase.Baking, KayentaLabel.Pass)]
    [InlineData(KayentaVersion.V1, 0.2, Phase.Failed, KayentaLabel.High)]
    [InlineData(KayentaVersion.V2, 0, Phase.Baking, KayentaLabel.Pass)]
    [InlineData(KayentaVersion.V2, 0.2, Phase.Failed, KayentaLabel.High)]
    public async Task Version_JudgedByKayenta_EndsAsItsErrorsAreAndReplays(KayentaVersion version, double errors, Phase end, KayentaLabel label)
    {
        await using var proxy = new FakeProxy("edge");
        var traffic = new TrafficFlow("shop/checkout", proxy) { CanaryErrors = errors };
        await using (var controller = await TestController.StartAsync(_folder.Path, _time, Manifest(version)))
        {
            await proxy.ConnectAsync(controller.Server.Control);
            _time.Advance(TimeSpan.FromSeconds(6));
            await controller.Until(view => view.Phase == Phase.Stable, "It is not adopted");
            await controller.AnnounceAsync("v2", _v2.Address);
            await traffic.FlowUntil(controller, view => view.Verdict?.Intervals >= 4, "Nothing is counted");
        }

        // It goes on after a restart in the middle.
        await using (var controller = await TestController.StartAsync(_folder.Path, _time, Manifest(version)))
        {
            await proxy.ConnectAsync(controller.Server.Control);
            _time.Advance(TimeSpan.FromSeconds(6));
            var view = await traffic.FlowUntil(controller, view => view.Phase == end, $"It does not end as {end}");
            Assert.Equal(end == Phase.Failed ? VerdictKind.Fail : VerdictKind.Pass, view.Verdict!.Kind);
            Assert.Equal(label, view.Verdict.Labels.Single(metric => metric.Metric == "errorRate").Label);
            Assert.Contains("udgement", view.Verdict.Reason, StringComparison.Ordinal);
            Assert.Empty(view.Verdict.Metrics);
            var record = await controller.Read<RunRecord>($"canaries/shop/checkout/runs/{view.Run!.Id}/record");
            Assert.Empty(RunReplayer.Replay(record).Differences);
        }
    }

    private CanaryManifest Manifest(KayentaVersion version)
    {
        var manifest = TestController.Manifest("checkout", _v1.Address);
        var kayenta = new KayentaSettings { Version = version, Lifetime = TimeSpan.FromSeconds(20), Interval = TimeSpan.FromSeconds(10), Step = TimeSpan.FromSeconds(1) };
        var settings = new AnalysisSettings { Kayenta = kayenta };
        return manifest with { Spec = manifest.Spec with { Analysis = manifest.Spec.Analysis with { Settings = settings } } };
    }
}
