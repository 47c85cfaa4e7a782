using MeshCanary.Analysis.Calibration;
using MeshCanary.Analysis.Judging;
using MeshCanary.Analysis.Kayenta;
using MeshCanary.Cli.Rendering;
using MeshCanary.Cli.Tests.Harness;
using MeshCanary.Controller.Api;
using MeshCanary.Controller.Metrics;
using MeshCanary.Rollouts.States;
using Spectre.Console.Testing;

namespace MeshCanary.Cli.Tests.Rendering;

public sealed class CanaryPageTests
{
    [Theory]
    [InlineData(80)]
    [InlineData(120)]
    public void Page_OfARunInFlight_ShowsWeightsArmsEvidenceScoreReasonAndWaitWithinTheWidth(int width)
    {
        var lines = Render(width, () => CanaryPage.Render(Views.Progressing, Views.Log, Views.Now));
        var text = string.Join(' ', string.Join(' ', lines).Split(' ', StringSplitOptions.RemoveEmptyEntries));
        foreach (var expected in (string[])[
            "v1 → v2", "progressing 2/3 for 0:34", "desired 25% acknowledged 25% measured 24.61%", "1 proxy",
            "stable v1 225 1 (0.44%)", "canary v2 75 2 (2.67%)", "102 ms",
            "errors +0.13 (-0.20 to +0.50)", "latency p99", "1,210 : 6,905 requests",
            "71 of 100 not enough data yet", "about 21 s", "Reason Latency p99 is not proven harmless yet",
            "a verdict on v2 at 25% (at most 1 min 48 s more; then: the weight stays and a person decides)",
            "12:00:30 Step 2 of 3"])
            Assert.Contains(expected, text, StringComparison.Ordinal);
        Assert.All(lines, line => Assert.True(line.TrimEnd().Length <= width, line));
    }

    [Fact]
    public void Page_WithMarkupInWhatTheServerSays_ShowsItAsText()
    {
        var hostile = Views.Progressing with { Run = Views.Progressing.Run! with { Reason = "[red]not markup[/] [[" } };
        var text = string.Join('\n', Render(120, () => CanaryPage.Render(hostile, [], Views.Now)));
        Assert.Contains("[red]not markup[/] [[", text, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(CalibrationStanding.Fresh, null, 3.1, null, "Noise measured: latency p50 ×3.1")]
    [InlineData(CalibrationStanding.Fresh, null, 3.1, 7.5, "Noise measured: latency p50 ×7.5")]
    [InlineData(CalibrationStanding.TooShort, "12 of 60 blocks.", 3.1, null, "Noise measured too shortly: latency p50 ×3.1 (12 of 60 blocks)")]
    public void Page_WithACalibration_SaysItInOneLine(CalibrationStanding standing, string? reason, double phi, double? louder, string expected)
    {
        var calibration = new CalibrationView(standing, reason, Views.Now, [new CalibrationMetricView("latencyP50", phi, 12, 12, louder)]);
        Assert.Contains(expected, Page(Views.Progressing with { Calibration = calibration }), StringComparison.Ordinal);
        var missing = new CalibrationView(CalibrationStanding.Missing, "Stable had one endpoint.", null, []);
        Assert.Contains("Noise not measured (Stable had one endpoint)", Page(Views.Stable with { Calibration = missing }), StringComparison.Ordinal);
    }

    [Fact]
    public void Page_WithGuardsAtWork_ShowsThem()
    {
        var text = Page(Views.Progressing with
        {
            Circuits = [new CircuitView("east", "halfOpen", 2), new CircuitView("west", "closed", 0)],
            Exposure = new ExposureView(5000, 1200, 1100, 20, 10, 3),
            Mirrored = new MirrorFigures(812, 4, 1),
        });
        Assert.Contains("Circuit east: trying again, opened 2 times", text, StringComparison.Ordinal);
        Assert.Contains("Exposure 1,100 of 5,000 requests, 3 of 20 failures spent", text, StringComparison.Ordinal);
        Assert.Contains("Mirrored 812 copies, 4 failed, 1 not sent (not judged)", text, StringComparison.Ordinal);
        Assert.DoesNotContain("west", text, StringComparison.Ordinal);
        Assert.DoesNotContain("Exposure", Page(Views.Stable), StringComparison.Ordinal);
    }

    [Fact]
    public void Page_OfAJudgementByKayenta_ShowsLabelsInPlaceOfEvidence()
    {
        var verdict = Views.Progressing.Verdict! with { Metrics = [], Labels = [new MetricLabel("errorRate", KayentaLabel.High, "the canary fails [more]", true), new MetricLabel("latencyP99", KayentaLabel.Pass, "", false)] };
        var text = Page(Views.Progressing with { Verdict = verdict });
        Assert.Contains("errorRate (critical) High the canary fails [more]", text, StringComparison.Ordinal);
        Assert.Contains("latency p99 Pass", text, StringComparison.Ordinal);
        Assert.DoesNotContain("safety → promote", text, StringComparison.Ordinal);
    }

    [Fact]
    public void Page_WithCaveats_ShowsEach()
    {
        var verdict = Views.Progressing.Verdict! with { Caveats = ["There is no history of the service's own noise."] };
        Assert.Contains("Caveat There is no history of the service's own noise.", Page(Views.Progressing with { Verdict = verdict }), StringComparison.Ordinal);
    }

    [Fact]
    public void Page_AfterARollback_SaysHowAndWhy()
    {
        var text = string.Join('\n', Render(120, () => CanaryPage.Render(Views.Ended(Phase.Failed, RunOutcome.RolledBack, Views.V1), [], Views.Now)));
        Assert.Contains("last run: v2 rolled back", text, StringComparison.Ordinal);
        Assert.Contains("the canary failed 4.6% of 1,210 requests", text, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(Phase.Failed, "checkout   v1, v2 failed for")]
    [InlineData(Phase.RollingBack, "checkout   v2 → v1   rolling back for")]
    public void Page_OfAFailedRun_DoesNotReadAsIfStableHadFailed(Phase phase, string headline)
    {
        var lines = Render(120, () => CanaryPage.Render(Views.Ended(phase, RunOutcome.RolledBack, Views.V1), [], Views.Now));
        Assert.StartsWith(headline, lines[0], StringComparison.Ordinal);
    }

    [Fact]
    public void Page_WhileItWarmsUp_SaysUntilWhenInsteadOfCounts()
    {
        var warming = Views.Progressing with { Run = Views.Progressing.Run! with { WarmupUntil = Views.Now.AddSeconds(20) } };
        var text = string.Join('\n', Render(120, () => CanaryPage.Render(warming, [], Views.Now)));
        Assert.Contains("warming up until 12:01:02 UTC", text, StringComparison.Ordinal);
        Assert.DoesNotContain("not proven harmless yet", text, StringComparison.Ordinal);
        var after = string.Join('\n', Render(120, () => CanaryPage.Render(warming, [], Views.Now.AddSeconds(20))));
        Assert.Contains("not proven harmless yet", after, StringComparison.Ordinal);
    }

    private static string Page(CanaryView view) =>
        string.Join(' ', string.Join(' ', Render(120, () => CanaryPage.Render(view, [], Views.Now))).Split(' ', StringSplitOptions.RemoveEmptyEntries));

    private static List<string> Render(int width, Func<Spectre.Console.Rendering.IRenderable> page)
    {
        using var console = new TestConsole().Width(width);
        console.Write(page());
        Assert.DoesNotContain("\u001b", console.Output, StringComparison.Ordinal);
        if (Environment.GetEnvironmentVariable("SHOW") is not null) TestContext.Current.SendDiagnosticMessage(console.Output);
        return [.. console.Lines];
    }
}
