using MeshCanary.Analysis.Judging;
using MeshCanary.Analysis.Judging.Custom;
using MeshCanary.Analysis.Kayenta;

namespace MeshCanary.Analysis.Tests.Judging;

public sealed class CustomSettingsTests
{
    private static readonly CustomMetric Guard = new() { Name = "queue", Kind = CustomKind.Guard, Max = 1 };
    private static readonly CustomMetric Counts = new() { Name = "orders", Kind = CustomKind.Counts, HarmAbsolute = 0.05 };

    public static TheoryData<string, string, CustomMetric[]> Wrong => new()
    {
        { "Metrics", "twice", [Guard, Guard] },
        { "Metrics", "weighs 100% together", [Counts with { Weight = 0.5 }, Counts with { Name = "other", Weight = 0.5 }] },
        { "Metrics[0].Name", "name of a metric that there is already", [Guard with { Name = "latencyP99" }] },
        { "Metrics[0].Max", "a guard needs a limit", [Guard with { Max = null }] },
        { "Metrics[0].Min", "above Max", [Guard with { Min = 2 }] },
        { "Metrics[0].Intervals", "at least 1", [Guard with { Intervals = 0 }] },
        { "Metrics[0].HarmAbsolute", "above what is tolerated", [Counts with { HarmAbsolute = 0 }] },
        { "Metrics[0].HarmAbsolute", "no part of it below", [Counts with { ToleranceRelative = 0.2 }] },
        { "Metrics[0].HarmRelative", "fewer than none", [Counts with { Worse = WorseDirection.Decrease, HarmRelative = 1 }] },
        { "Metrics[0].Overdispersion", "from 1 to", [Counts with { Overdispersion = 0.5 }] },
        { "Metrics[0].HarmFactor", "above the tolerance", [new CustomMetric { Name = "size", Kind = CustomKind.Distribution, ToleranceFactor = 2, HarmFactor = 2 }] },
        { "Metrics[0].Patience", "above zero", [Guard with { Patience = TimeSpan.Zero }] },
    };

    [Theory]
    [MemberData(nameof(Wrong))]
    public void Validate_WrongMetrics_SaysWhichAndWhy(string setting, string message, CustomMetric[] metrics)
    {
        var problem = Assert.Single(new AnalysisSettings { Metrics = [.. metrics] }.Validate());
        Assert.Equal(setting, problem.Setting);
        Assert.Contains(message, problem.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Validate_ComparisonWithKayentasJudge_IsRefusedAndAGuardIsNot()
    {
        var settings = new AnalysisSettings { Kayenta = new KayentaSettings() };
        Assert.Contains("can only be guards", Assert.Single((settings with { Metrics = [Counts] }).Validate()).Message, StringComparison.Ordinal);
        Assert.Empty((settings with { Metrics = [Guard] }).Validate());
    }
}
