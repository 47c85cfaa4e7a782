using System.Collections.Immutable;
using MeshCanary.Analysis.Hypotheses.Means;
using MeshCanary.Analysis.Hypotheses.Proportions;
using MeshCanary.Analysis.Hypotheses.Ranks;

namespace MeshCanary.Analysis.Hypotheses;

/// <summary>The tests that there are, looked up by name. Those that need a margin besides (<see cref="MarginScoreTest"/>) are made by the caller.</summary>
public static class HypothesisTests
{
    /// <summary>Tests of two samples of values.</summary>
    public static ImmutableArray<IHypothesisTest<TwoSamples>> OfSamples { get; } =
        [new MannWhitneyTest(), new KolmogorovSmirnovTest(), WelchTest.Instance, PooledTest.Instance];

    /// <summary>Tests of two shares.</summary>
    public static ImmutableArray<IHypothesisTest<TwoProportions>> OfProportions { get; } =
        [TwoProportionZTest.Pooled, TwoProportionZTest.Unpooled, ChiSquaredTest.Plain, ChiSquaredTest.Yates, FisherExactTest.Instance];

    /// <summary>The test of two samples with a name.</summary>
    /// <exception cref="ArgumentException">There is none; the message names those that there are.</exception>
    public static IHypothesisTest<TwoSamples> ForSamples(string name) => Find(OfSamples, name);

    /// <summary>The test of two shares with a name.</summary>
    /// <exception cref="ArgumentException">There is none; the message names those that there are.</exception>
    public static IHypothesisTest<TwoProportions> ForProportions(string name) => Find(OfProportions, name);

    private static IHypothesisTest<T> Find<T>(ImmutableArray<IHypothesisTest<T>> tests, string name) =>
        tests.FirstOrDefault(test => test.Name == name)
        ?? throw new ArgumentException($"There is no test '{name}'; there are {string.Join(", ", tests.Select(test => test.Name))}.", nameof(name));
}
