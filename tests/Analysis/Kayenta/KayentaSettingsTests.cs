using System.Collections.Immutable;
using MeshCanary.Analysis.Kayenta;
using MeshCanary.Analysis.Tests.Judging;

namespace MeshCanary.Analysis.Tests.Kayenta;

public sealed class KayentaSettingsTests
{
    [Fact]
    public void Validate_Defaults_FindNothingInEitherVersion()
    {
        Assert.Empty(new KayentaSettings().Validate());
        Assert.Empty(new KayentaSettings { Version = KayentaVersion.V1 }.Validate());
    }

    [Fact]
    public void Json_Settings_ComeBackWithTheNamesOfTheVersions()
    {
        var json = JudgeAssertions.Json(new KayentaSettings { Version = KayentaVersion.V1 });
        Assert.Contains("\"kayenta-v1\"", json, StringComparison.Ordinal);
        Assert.Equal(json, JudgeAssertions.Json(JudgeAssertions.RoundTrip(new KayentaSettings { Version = KayentaVersion.V1 })));
    }

    [Fact]
    public void Validate_ManyProblems_AreAllFoundByName()
    {
        var settings = new KayentaSettings
        {
            Lifetime = TimeSpan.FromSeconds(90),
            Interval = TimeSpan.Zero,
            WarmUp = TimeSpan.FromMinutes(-1),
            LookBack = TimeSpan.FromSeconds(1),
            Config = new KayentaConfig
            {
                Metrics =
                [
                    new KayentaMetric { Name = "errorRate", Groups = ["a"], Direction = "up", NanStrategy = "drop", OutlierStrategy = "", OutlierFactor = 0 },
                    new KayentaMetric { Name = "errorRate", EffectSize = new KayentaEffectSize { Measure = "d", AllowedIncrease = double.NaN, CriticalDecrease = -1 } },
                    new KayentaMetric { Name = "cpu", Groups = ["b"] },
                ],
                GroupWeights = ImmutableSortedDictionary<string, double>.Empty.Add("a", 101).Add("c", -1),
                Thresholds = new KayentaThresholds(75, 95),
                MinimumPoints = 0,
            },
        };
        Assert.Equal(
            [
                "Lifetime", "Interval", "WarmUp", "LookBack",
                "Config.Metrics[0].OutlierFactor", "Config.Metrics[0].Direction", "Config.Metrics[0].NanStrategy", "Config.Metrics[0].OutlierStrategy",
                "Config.Metrics[1].Name", "Config.Metrics[1].Groups", "Config.Metrics[1].EffectSize.AllowedIncrease",
                "Config.Metrics[1].EffectSize.CriticalDecrease", "Config.Metrics[1].EffectSize.Measure",
                "Config.GroupWeights[c]", "Config.GroupWeights", "Config.Thresholds.Marginal", "Config.MinimumPoints", "Config.Metrics[2].Name",
            ],
            settings.Validate().Select(problem => problem.Setting));
        var refusal = Assert.Throws<ArgumentException>(() => new KayentaEvaluation(settings));
        Assert.All(settings.Validate(), problem => Assert.Contains($"{problem.Setting} {problem.Message}", refusal.Message, StringComparison.Ordinal));
    }

    [Fact]
    public void Validate_FirstVersion_TakesWordsAndWeightsAsKayentaDoes()
    {
        var config = new KayentaConfig
        {
            Metrics = [new KayentaMetric { Name = "m", Groups = ["a"], Direction = "up", NanStrategy = "x", OutlierStrategy = "y", OutlierFactor = -1, EffectSize = new KayentaEffectSize { Measure = "z" } }],
            GroupWeights = ImmutableSortedDictionary<string, double>.Empty.Add("b", 150),
        };
        Assert.Empty(config.Validate(KayentaVersion.V1));
        Assert.Equal(
            ["Metrics[0].OutlierFactor", "Metrics[0].Direction", "Metrics[0].NanStrategy", "Metrics[0].OutlierStrategy", "Metrics[0].EffectSize.Measure", "GroupWeights", "GroupWeights"],
            config.Validate(KayentaVersion.V2).Select(problem => problem.Setting));
        Assert.Equal(["Metrics[0].OutlierFactor"], (config with { Metrics = [config.Metrics[0] with { OutlierStrategy = "remove" }] }).Validate(KayentaVersion.V1).Select(problem => problem.Setting));
    }

    [Fact]
    public void Validate_MissingParts_AreProblemsAndNotCrashes()
    {
        foreach (var version in new[] { KayentaVersion.V1, KayentaVersion.V2 })
        {
            var config = new KayentaConfig { Metrics = [null!, new KayentaMetric { Name = null!, Groups = default, Direction = null!, EffectSize = null! }], GroupWeights = null!, Thresholds = null! };
            Assert.Contains("Metrics[0]", config.Validate(version).Select(problem => problem.Setting));
            Assert.Contains("Metrics[1].EffectSize", config.Validate(version).Select(problem => problem.Setting));
            Assert.Equal("Metrics", Assert.Single(new KayentaConfig { Metrics = default }.Validate(version)).Setting);
            Assert.NotEmpty(new KayentaSettings { Version = version, Config = config, Step = TimeSpan.Zero }.Validate());
        }

        Assert.Equal("Config", Assert.Single(new KayentaSettings { Config = null! }.Validate()).Setting);
        Assert.Equal("Version", Assert.Single(new KayentaSettings { Version = (KayentaVersion)9 }.Validate()).Setting);
        Assert.Throws<ArgumentException>(() => new KayentaJudge(new KayentaConfig { Metrics = [] }, KayentaVersion.V1));
    }

    [Fact]
    public void Validate_TooLongForItsStep_AsksForALongerStep()
    {
        var days = new KayentaSettings { Lifetime = TimeSpan.FromDays(3), Interval = TimeSpan.FromHours(1) };
        Assert.Empty(days.Validate());
        Assert.Contains("take a longer step", Assert.Single((days with { WarmUp = days.Step }).Validate()).Message, StringComparison.Ordinal);
        Assert.Empty((days with { WarmUp = TimeSpan.FromMinutes(2), Step = TimeSpan.FromMinutes(2) }).Validate());
    }

    [Fact]
    public void Validate_AllMuted_IsRefusedBySecondVersion()
    {
        var config = new KayentaConfig { Metrics = [new KayentaMetric { Name = "m", Groups = ["a"], Muted = true }] };
        Assert.Equal("Metrics", Assert.Single(config.Validate(KayentaVersion.V2)).Setting);
        Assert.Empty(config.Validate(KayentaVersion.V1));
    }
}
