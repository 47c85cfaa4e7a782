using CsCheck;
using MeshCanary.Analysis.Hypotheses;

namespace MeshCanary.Analysis.Tests.Hypotheses;

/// <summary>
/// What every test of two samples keeps, whatever it tests. A test class inherits it and names its test; where its effect is
/// no difference, or its sums depend more on their order, it overrides what says so.
/// </summary>
public abstract class TwoSamplesContract
{
    private const int Tries = 300;

    private static readonly Alternative[] Alternatives = Enum.GetValues<Alternative>();

    private static readonly double[] Extremes =
        [double.NaN, double.PositiveInfinity, double.NegativeInfinity, 0.0, -0.0, double.MaxValue, double.MinValue, double.Epsilon, 1.0];

    // Few values and small whole numbers, so that ties, constants and single points are common; some with any double.
    private static readonly Gen<double[]> Samples = Gen.OneOf(
        Gen.Int[-3, 3].Select(value => (double)value).Array[1, 12],
        Gen.Double[-10, 10].Array[1, 60]);

    private static readonly Gen<double[]> Anything = Gen.OneOf(
        Gen.Double.Array[0, 8],
        Gen.Int[0, Extremes.Length - 1].Select(index => Extremes[index]).Array[0, 8]);

    /// <summary>The test that is held to the contract.</summary>
    protected abstract IHypothesisTest<TwoSamples> Test { get; }

    /// <summary>How far a p-value may move when its terms are summed in another order.</summary>
    protected virtual double Tolerance => 1e-12;

    /// <summary>The effect of stable against the canary, when this is that of the canary against stable.</summary>
    protected virtual double Mirrored(double effect) => -effect;

    [Fact]
    public void Test_SwappedArms_SwapsGreaterAndLess() => Gen.Select(Samples, Samples).Sample(
        (canary, stable) =>
        {
            foreach (var (one, other) in new[] { (Alternative.TwoSided, Alternative.TwoSided), (Alternative.Greater, Alternative.Less), (Alternative.Less, Alternative.Greater) })
                AssertNear(Ask(canary, stable, one).PValue, Ask(stable, canary, other).PValue);
        },
        iter: Tries,
        seed: "0000000000001",
        threads: 1);

    [Fact]
    public void Test_SwappedArms_MirrorsTheEffect() => Gen.Select(Samples, Samples).Sample(
        (canary, stable) =>
        {
            var (effect, mirror) = (Ask(canary, stable).Effect, Ask(stable, canary).Effect);
            Assert.Equal(effect is null, mirror is null);
            if (effect is null || mirror is null)
                return;
            AssertNear(effect.Value, Mirrored(mirror.Value));
            AssertNear(effect.Low, Mirrored(mirror.High));
            AssertNear(effect.High, Mirrored(mirror.Low));
        },
        iter: Tries,
        seed: "0000000000002",
        threads: 1);

    [Fact]
    public void Test_OtherOrderOfValues_ChangesNothing() => Gen.Select(Samples, Samples, Gen.Int).Sample(
        (canary, stable, seed) =>
        {
            var random = new Random(seed);
            double[] shuffledCanary = [.. canary], shuffledStable = [.. stable];
            random.Shuffle(shuffledCanary);
            random.Shuffle(shuffledStable);
            foreach (var alternative in Alternatives)
            {
                var (plain, shuffled) = (Ask(canary, stable, alternative), Ask(shuffledCanary, shuffledStable, alternative));
                AssertNear(plain.PValue, shuffled.PValue);
                AssertNear(plain.Statistic, shuffled.Statistic);
                AssertNear(plain.Effect?.Value, shuffled.Effect?.Value);
                AssertNear(plain.Effect?.Low, shuffled.Effect?.Low);
                AssertNear(plain.Effect?.High, shuffled.Effect?.High);
            }
        },
        iter: Tries,
        seed: "0000000000003",
        threads: 1);

    [Fact]
    public void Test_AnyDoubles_GivesAProbabilityOrAProblem() => Gen.Select(Anything, Anything).Sample(
        (canary, stable) =>
        {
            foreach (var alternative in Alternatives)
                AssertSound(Ask(canary, stable, alternative), alternative);
        },
        iter: 10 * Tries,
        seed: "0000000000004",
        threads: 1);

    [Fact]
    public void Test_OrdinaryData_HasAProbabilityAndLeavesTheDataAlone()
    {
        double[] canary = [3, 1, 4, 1, 5, 9, 2, 6], stable = [2, 7, 1, 8, 2, 8];
        foreach (var alternative in Alternatives)
        {
            var result = Ask(canary, stable, alternative);
            AssertSound(result, alternative);
            Assert.NotNull(result.PValue);
        }

        Assert.Equal([3, 1, 4, 1, 5, 9, 2, 6], canary);
        Assert.Equal([2, 7, 1, 8, 2, 8], stable);
    }

    [Fact]
    public void Test_LargerCanary_IsEvidenceForGreaterOnly()
    {
        double[] stable = [.. Enumerable.Range(0, 30).Select(i => i * 0.37 % 5)];
        double[] canary = [.. stable.Select(value => value + 10)];

        Assert.True(Ask(canary, stable, Alternative.Greater).PValue < 1e-6);
        Assert.True(Ask(canary, stable, Alternative.Less).PValue > 0.9);
        Assert.True(Ask(canary, stable).PValue < 1e-6);
    }

    [Theory]
    [InlineData(new double[0], new[] { 1.0, 2, 3 })]
    [InlineData(new[] { 1.0, 2, 3 }, new double[0])]
    [InlineData(new double[0], new double[0])]
    [InlineData(new[] { 1.0, double.NaN, 3 }, new[] { 1.0, 2, 3 })]
    [InlineData(new[] { 1.0, 2, 3 }, new[] { double.NaN })]
    public void Test_UndefinedData_IsAProblemAndNoProbability(double[] canary, double[] stable)
    {
        foreach (var alternative in Alternatives)
        {
            var result = Ask(canary, stable, alternative);
            Assert.Null(result.PValue);
            Assert.False(string.IsNullOrWhiteSpace(result.Problem));
        }
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(-0.5)]
    [InlineData(double.NaN)]
    public void Test_ConfidenceOutsideItsRange_IsTheCallersError(double confidence) =>
        Assert.Throws<ArgumentOutOfRangeException>(() => Test.Test(new TwoSamples(new double[] { 1, 2 }, new double[] { 3, 4 }), new TestOptions { Confidence = confidence }));

    [Fact]
    public void Test_UnknownAlternative_IsTheCallersError() =>
        Assert.Throws<ArgumentOutOfRangeException>(() => Test.Test(new TwoSamples(new double[] { 1, 2 }, new double[] { 3, 4 }), new TestOptions { Alternative = (Alternative)7 }));

    protected HypothesisResult Ask(double[] canary, double[] stable, Alternative alternative = Alternative.TwoSided, double confidence = 0.95) =>
        Test.Test(new TwoSamples(canary, stable), new TestOptions { Alternative = alternative, Confidence = confidence });

    private void AssertSound(HypothesisResult result, Alternative alternative)
    {
        Assert.StartsWith(Test.Name, result.Test, StringComparison.Ordinal);
        Assert.Equal(alternative, result.Alternative);
        if (result.PValue is { } p)
            Assert.InRange(p, 0, 1);
        else
            Assert.False(string.IsNullOrWhiteSpace(result.Problem));
        Assert.False(result.Statistic is double.NaN);
        if (result.Effect is not { } effect)
            return;
        Assert.False(double.IsNaN(effect.Value) || double.IsNaN(effect.Low) || double.IsNaN(effect.High));
        Assert.True(effect.Low <= effect.High);
    }

    private void AssertNear(double? expected, double? actual)
    {
        Assert.Equal(expected is null, actual is null);
        if (expected is { } e && actual is { } a && !e.Equals(a))
            Assert.True(Math.Abs(e - a) <= Tolerance * Math.Max(1, Math.Abs(e)), $"{e:R} is not {a:R}");
    }
}
