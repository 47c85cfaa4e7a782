using System.Collections.Immutable;
using MeshCanary.Analysis.Kayenta;

namespace MeshCanary.Analysis.Tests.Kayenta;

public sealed class PairingTests
{
    private const double NaN = double.NaN;
    private static readonly DateTimeOffset Start = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);

    // The cases up to Pair_NoValues are those of Kayenta's MetricSetMixerServiceSpec.
    private static readonly KayentaSeries ControlCpu = Series("cpu", [1, 3, 5, 7], ("tagName", "tagValue"));
    private static readonly KayentaSeries ExperimentCpu = Series("cpu", [2, 4, 6, 8], ("tagName", "tagValue"));
    private static readonly KayentaSeries ExperimentCpuEmpty = Series("cpu", [], ("tagName", "tagValue"));
    private static readonly KayentaSeries ControlErrors = Series("errors", [10, 20, 30], ("tagNameA", "a"), ("tagNameB", "b"));
    private static readonly KayentaSeries ExperimentErrors = Series("errors", [60, 70, 80], ("tagNameB", "b"), ("tagNameA", "a"));
    private static readonly KayentaSeries ErrorsWithoutTags = Series("errors", [70, 80, 90]);

    [Fact]
    public void Pair_SameNamesAndTags_ArePairedInTheOrderOfTheConfiguration()
    {
        var assembly = KayentaPairing.Pair(Config("cpu", "errors"), [ControlErrors, ControlCpu], [ExperimentCpuEmpty, ExperimentErrors]);
        Assert.Null(assembly.Problem);
        Assert.Equal(["cpu", "errors"], assembly.Pairs.Select(pair => pair.Name));
        Is(assembly.Pairs[0], [1, 3, 5, 7], []);
        Is(assembly.Pairs[1], [10, 20, 30], [60, 70, 80]);
        Is(Assert.Single(KayentaPairing.Pair(Config("cpu"), [ControlCpu], [ExperimentCpu]).Pairs), [1, 3, 5, 7], [2, 4, 6, 8]);
    }

    [Fact]
    public void Pair_OneSideWithoutTags_IsATemplateWithoutValues()
    {
        var pair = Assert.Single(KayentaPairing.Pair(Config("errors"), [ControlErrors], [ErrorsWithoutTags]).Pairs);
        Is(pair, [10, 20, 30], []);
        Assert.Equal("a", pair.Tags["tagNameA"]);
        Is(Assert.Single(KayentaPairing.Pair(Config("errors"), [ErrorsWithoutTags], [ControlErrors]).Pairs), [], [10, 20, 30]);
    }

    [Fact]
    public void Pair_MissingSeriesOrOtherTagKeys_IsAProblemThatNamesThem()
    {
        Assert.Contains("baseline has no series of cpu", KayentaPairing.Pair(Config("cpu"), [], [ExperimentCpu]).Problem, StringComparison.Ordinal);
        Assert.Contains("canary has no series of cpu", KayentaPairing.Pair(Config("cpu"), [ControlCpu], [ExperimentErrors]).Problem, StringComparison.Ordinal);
        var other = KayentaPairing.Pair(Config("cpu"), [ControlCpu], [Series("cpu", [1], ("otherName", "tagValue"))]);
        Assert.Contains("by tagName in the baseline and by otherName in the canary", other.Problem, StringComparison.Ordinal);
        Assert.Empty(other.Pairs);
    }

    [Fact]
    public void Pair_NoValues_ArePaddedToTheWindow()
    {
        var empty = ControlCpu with { Values = [], End = Start.AddMinutes(4).AddSeconds(59) };
        Is(Assert.Single(KayentaPairing.Pair(Config("cpu"), [empty], [empty]).Pairs), [NaN, NaN, NaN, NaN], [NaN, NaN, NaN, NaN]);
        Is(Assert.Single(KayentaPairing.Pair(Config("cpu"), [empty with { Values = default }], [empty with { Values = [1, 2] }]).Pairs), [NaN, NaN, NaN, NaN], [1, 2, NaN, NaN]);
        Is(Assert.Single(KayentaPairing.Pair(Config("cpu"), [empty with { Step = TimeSpan.Zero }], [empty with { Values = [1, 2, 3, 4, 5, 6] }]).Pairs), [], [1, 2, 3, 4, 5, 6]);
    }

    [Fact]
    public void Pair_TagsOfOneSideOnly_AreFilledFromTheOther()
    {
        var here = Series("cpu", [1, 2], ("zone", "a")) with { End = Start.AddMinutes(3) };
        var there = Series("cpu", [3], ("zone", "b")) with { End = Start.AddMinutes(3) };
        var pairs = KayentaPairing.Pair(Config("cpu"), [here], [there]).Pairs;
        Assert.Equal(["a", "b"], pairs.Select(pair => pair.Tags["zone"]));
        Is(pairs[0], [1, 2, NaN], [NaN, NaN, NaN]);
        Is(pairs[1], [NaN, NaN, NaN], [3, NaN, NaN]);
    }

    [Fact]
    public void Pair_TheSameSeriesTwice_TakesTheFirst() =>
        Is(Assert.Single(KayentaPairing.Pair(Config("cpu"), [ControlCpu, ExperimentCpu], [ExperimentCpu]).Pairs), [1, 3, 5, 7], [2, 4, 6, 8]);

    [Theory]
    [InlineData(0, 60, 0)]
    [InlineData(59, 60, 0)]
    [InlineData(-120, 60, 0)]
    [InlineData(3600, 60, 60)]
    [InlineData(3600, 0, 0)]
    public void ExpectedPoints_Windows_AreWholeSteps(int seconds, int step, int points) =>
        Assert.Equal(points, (ControlCpu with { End = Start.AddSeconds(seconds), Step = TimeSpan.FromSeconds(step) }).ExpectedPoints);

    private static void Is(KayentaPair pair, double[] control, double[] experiment)
    {
        Assert.Equal(control, pair.Control);
        Assert.Equal(experiment, pair.Experiment);
    }

    private static KayentaConfig Config(params string[] names) => new() { Metrics = [.. names.Select(name => new KayentaMetric { Name = name, Groups = ["g"] })] };

    private static KayentaSeries Series(string name, ImmutableArray<double> values, params (string Key, string Value)[] tags) => new()
    {
        Name = name,
        Tags = tags.ToImmutableSortedDictionary(tag => tag.Key, tag => tag.Value),
        Start = Start,
        End = Start,
        Step = TimeSpan.FromMinutes(1),
        Values = values,
    };
}
