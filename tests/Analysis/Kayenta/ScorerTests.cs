using System.Collections.Immutable;
using System.Text.Json;
using MeshCanary.Analysis.Kayenta;

namespace MeshCanary.Analysis.Tests.Kayenta;

public sealed class ScorerTests
{
    public static TheoryData<string> Cases => [.. KayentaReference.Of("scores").Select(one => one.GetProperty("name").GetString()!)];

    [Theory]
    [MemberData(nameof(Cases))]
    public void FirstVersion_KayentasOwnSuite_Agrees(string name)
    {
        var one = KayentaReference.Of("scores").Single(other => other.GetProperty("name").GetString() == name);
        var weights = one.TryGetProperty("weights", out var declared)
            ? declared.EnumerateObject().ToImmutableSortedDictionary(pair => pair.Name, pair => pair.Value.GetDouble())
            : Weights();
        var score = KayentaScorer.Score([.. one.GetProperty("metrics").EnumerateArray().Select(Metric)], weights, KayentaVersion.V1);
        Assert.Equal(one.GetProperty("score").GetDouble(), score.Value);
        if (one.TryGetProperty("groups", out var groups))
            Assert.Equal(KayentaReference.Numbers(groups), score.Groups.Select(group => group.Score));
    }

    [Fact]
    public void Error_FirstVersionLeavesItOut_SecondCountsItAsFailed()
    {
        var errors = Labels(KayentaLabel.Error, KayentaLabel.Error);
        Assert.Equal(100, Score(errors, KayentaVersion.V1));
        Assert.Equal(0, Score(errors, KayentaVersion.V2));
        var half = Labels(KayentaLabel.Error, KayentaLabel.Pass);
        Assert.Equal(100, Score(half, KayentaVersion.V1));
        Assert.Equal(50, Score(half, KayentaVersion.V2));
    }

    [Fact]
    public void GroupWithoutMetric_FirstVersionForfeitsItsWeight_SecondSharesItOut()
    {
        var metrics = Labels(KayentaLabel.Pass);
        Assert.Equal(60, Score(metrics, KayentaVersion.V1, ("g", 60), ("gone", 40)));
        Assert.Equal(100, Score(metrics, KayentaVersion.V2, ("g", 60), ("gone", 40)));
    }

    [Fact]
    public void GroupWithoutData_FirstVersionCountsItAsPerfect_SecondLeavesItOut()
    {
        ImmutableArray<KayentaMetricResult> metrics = [Metric(KayentaLabel.High, "a"), Metric(KayentaLabel.Pass, "a"), Metric(KayentaLabel.Nodata, "b")];
        Assert.Equal(75, Score(metrics, KayentaVersion.V1));
        Assert.Equal(50, Score(metrics, KayentaVersion.V2));
        Assert.Equal([(50, true), (0, false)], KayentaScorer.Score(metrics, Weights(), KayentaVersion.V1).Groups.Select(group => ((int)group.Score, group.HasData)));
    }

    [Theory]
    [InlineData(1, 1, 0.0)]
    [InlineData(2, 1, 100.0)]
    [InlineData(1, 2, 0.0)]
    public void Nodata_HalfOfTheMetricsOrMore_FirstVersionFailsAndSecondHasNoVerdict(int passed, int missing, double score)
    {
        var metrics = Labels([.. Enumerable.Repeat(KayentaLabel.Pass, passed), .. Enumerable.Repeat(KayentaLabel.Nodata, missing)]);
        Assert.Equal(score, Score(metrics, KayentaVersion.V1));
        Assert.Equal(score == 0 ? null : score, Score(metrics, KayentaVersion.V2));
    }

    [Fact]
    public void NodataFailMetric_AnyShare_IsAFailureAndNotMissing()
    {
        var metrics = Labels(KayentaLabel.NodataFailMetric, KayentaLabel.NodataFailMetric, KayentaLabel.Pass);
        Assert.Equal(33.33, Score(metrics, KayentaVersion.V1));
        Assert.Equal(33.33, Score(metrics, KayentaVersion.V2));
    }

    [Fact]
    public void Undeclared_Groups_ShareWhatIsLeftTo100()
    {
        ImmutableArray<KayentaMetricResult> metrics = [Metric(KayentaLabel.Pass, "a"), Metric(KayentaLabel.High, "b"), Metric(KayentaLabel.Pass, "c")];
        Assert.Equal(70, Score(metrics, KayentaVersion.V1, ("a", 40)));
        Assert.Equal(70, Score(metrics, KayentaVersion.V2, ("a", 40)));

        // Weights beyond 100 leave the others a negative share.
        Assert.Equal(150, Score(metrics, KayentaVersion.V1, ("a", 150), ("b", 50), ("c", 0)));
        Assert.Equal(100, Score([Metric(KayentaLabel.Pass, "a"), Metric(KayentaLabel.Pass, "b")], KayentaVersion.V1, ("a", 150)));
    }

    [Fact]
    public void Metric_InTwoGroups_CountsInBoth()
    {
        ImmutableArray<KayentaMetricResult> metrics = [Metric(KayentaLabel.High, "a") with { Groups = ["a", "b"] }, Metric(KayentaLabel.Pass, "b")];
        Assert.Equal(25, Score(metrics, KayentaVersion.V1));
        Assert.Equal(25, Score(metrics, KayentaVersion.V2));
    }

    [Fact]
    public void Muted_Metrics_AreNotScored()
    {
        ImmutableArray<KayentaMetricResult> metrics = [Metric(KayentaLabel.High, "a") with { Muted = true, Critical = true }, Metric(KayentaLabel.Pass, "a")];
        Assert.Equal(100, Score(metrics, KayentaVersion.V1));
        Assert.Equal(100, Score(metrics, KayentaVersion.V2));
    }

    [Fact]
    public void NoMetrics_FirstVersionScoresZero_SecondHasNoVerdict()
    {
        Assert.Equal(0, Score([], KayentaVersion.V1));
        Assert.Null(Score([], KayentaVersion.V2));
    }

    [Fact]
    public void Inconclusive_RequiredOrHalf_LeavesNoVerdict()
    {
        var open = Metric(KayentaLabel.Inconclusive, "g");
        Assert.Equal(100, Score([open, .. Labels(KayentaLabel.Pass, KayentaLabel.Pass)], KayentaVersion.V2));
        Assert.Null(Score([open with { Required = true }, .. Labels(KayentaLabel.Pass, KayentaLabel.Pass)], KayentaVersion.V2));
        Assert.Null(Score([open, .. Labels(KayentaLabel.Pass)], KayentaVersion.V2));
        Assert.Null(Score(Labels(KayentaLabel.Pass), KayentaVersion.V2, ("g", 0)));
    }

    private static double? Score(ImmutableArray<KayentaMetricResult> metrics, KayentaVersion version, params (string Group, double Weight)[] weights) =>
        KayentaScorer.Score(metrics, Weights(weights), version).Value;

    private static ImmutableSortedDictionary<string, double> Weights(params (string Group, double Weight)[] weights) =>
        weights.ToImmutableSortedDictionary(pair => pair.Group, pair => pair.Weight);

    private static ImmutableArray<KayentaMetricResult> Labels(params KayentaLabel[] labels) => [.. labels.Select(label => Metric(label, "g"))];

    private static KayentaMetricResult Metric(KayentaLabel label, string group) => new() { Name = $"{label}", Groups = [group], Label = label };

    private static KayentaMetricResult Metric(JsonElement one) =>
        Metric(Enum.Parse<KayentaLabel>(one.GetProperty("label").GetString()!), one.GetProperty("group").GetString()!) with { Critical = one.GetProperty("critical").GetBoolean() };
}
