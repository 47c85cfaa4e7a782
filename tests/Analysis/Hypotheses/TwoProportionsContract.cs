using CsCheck;
using MeshCanary.Analysis.Hypotheses;

namespace MeshCanary.Analysis.Tests.Hypotheses;

/// <summary>What every test of two proportions keeps, whatever its method.</summary>
public abstract class TwoProportionsContract
{
    private const double Rounding = 1e-9;

    // A count times a share is rounded: beyond this many requests that is what limits a p-value.
    private const double ExactUpTo = 1e10;

    private const long Most = 1_000_000_000_000;

    private static readonly Gen<long> Size = Gen.OneOf(Gen.Long[1, 12], Gen.Long[1, 3000], Gen.Long[1, 10_000_000], Gen.Long[Most - 5, Most]);

    private static readonly Gen<TwoProportions> Tables = Gen.Select(Size, Size, Gen.Double[0, 1], Gen.Double[0, 1], Gen.Int[0, 5]).Select((n, m, p, q, kind) =>
        kind switch
        {
            0 => new TwoProportions(0, n, (long)(q * q * m), m),
            1 => new TwoProportions(n, n, (long)(q * m), m),
            2 => new TwoProportions((long)(p * n), n, (long)(p * m), m),
            3 => new TwoProportions(Math.Min(n, 5), n, 0, m),
            _ => new TwoProportions((long)(p * p * p * n), n, (long)(p * p * q * m), m),
        });

    private static readonly Gen<Alternative> Alternatives = Gen.Enum<Alternative>();

    /// <summary>The test, of "no difference" where it can be asked for another.</summary>
    protected abstract IHypothesisTest<TwoProportions> Test { get; }

    [Fact]
    public void Test_AnyTable_GivesAProbabilityOrAProblemNeverBoth() => Gen.Select(Tables, Alternatives).Sample(
        (data, alternative) =>
        {
            var result = Run(data, alternative);
            Assert.Equal(result.PValue is null, result.Problem is not null);
            Assert.Equal(alternative, result.Alternative);
            Assert.NotEmpty(result.Test);
            if (result.PValue is { } p)
                Assert.InRange(p, 0, 1);
            if (result.Effect is { } effect)
            {
                Assert.False(double.IsNaN(effect.Value) || double.IsNaN(effect.Low) || double.IsNaN(effect.High));
                Assert.True(effect.Low <= effect.Value + Rounding && effect.Value <= effect.High + Rounding, $"{data}: {effect}");
            }
        }, iter: 150);

    [Fact]
    public void Test_ArmsSwapped_SwapsGreaterAndLess() => Tables.Sample(data =>
    {
        var swapped = new TwoProportions(data.StableEvents, data.StableRequests, data.CanaryEvents, data.CanaryRequests);
        Same(data, Run(data, Alternative.Greater).PValue, Run(swapped, Alternative.Less).PValue);
        Same(data, Run(data, Alternative.TwoSided).PValue, Run(swapped, Alternative.TwoSided).PValue);
    }, iter: 100);

    [Fact]
    public void Test_MoreCanaryEvents_IsMoreEvidenceThatTheCanaryIsLarger() => Gen.Select(Tables, Gen.Double[0, 1]).Sample((data, part) =>
    {
        var room = data.CanaryRequests - data.CanaryEvents;
        if (room == 0)
            return;
        var more = data with { CanaryEvents = data.CanaryEvents + Math.Max(1, (long)(part * part * part * room)) };
        if (Run(data, Alternative.Greater).PValue is { } before && Run(more, Alternative.Greater).PValue is { } after)
            Assert.True(after <= before + RoundingOf(data), $"{data} gives {before:R}, {more} gives {after:R}");
        if (Run(data, Alternative.Less).PValue is { } less && Run(more, Alternative.Less).PValue is { } lessAfter)
            Assert.True(lessAfter >= less - RoundingOf(data), $"{data} gives {less:R}, {more} gives {lessAfter:R}");
    }, iter: 150);

    [Theory]
    [InlineData(0, 0, 1, 10)]
    [InlineData(1, 10, 0, 0)]
    [InlineData(0, 0, 0, 0)]
    [InlineData(-1, 10, 1, 10)]
    [InlineData(1, 10, -1, 10)]
    [InlineData(11, 10, 1, 10)]
    [InlineData(1, 10, 11, 10)]
    [InlineData(0, -1, 1, 10)]
    [InlineData(long.MinValue, long.MaxValue, long.MaxValue, long.MaxValue)]
    [InlineData(long.MaxValue, long.MinValue, 1, long.MinValue)]
    [InlineData(1, long.MaxValue, 1, long.MaxValue)]
    public void Test_CountsThatAreNone_AreAProblemAndNoResult(long canaryEvents, long canaryRequests, long stableEvents, long stableRequests)
    {
        foreach (var alternative in Enum.GetValues<Alternative>())
        {
            var result = Run(new TwoProportions(canaryEvents, canaryRequests, stableEvents, stableRequests), alternative);
            Assert.Null(result.PValue);
            Assert.Null(result.Statistic);
            Assert.Null(result.Effect);
            Assert.EndsWith(".", result.Problem, StringComparison.Ordinal);
        }
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(double.NaN)]
    public void Test_ConfidenceOutsideItsRange_IsAnErrorOfTheCaller(double confidence) =>
        Assert.Throws<ArgumentOutOfRangeException>(() => Test.Test(new TwoProportions(1, 10, 2, 10), new TestOptions { Confidence = confidence }));

    private static void Same(TwoProportions data, double? one, double? other)
    {
        Assert.Equal(one is null, other is null);
        if (one is { } p && other is { } q)
            Assert.True(Math.Abs(p - q) <= RoundingOf(data), $"{data}: {p:R} and {q:R}");
    }

    private static double RoundingOf(TwoProportions data) => Rounding * Math.Max(1, Math.Max(data.CanaryRequests, data.StableRequests) / ExactUpTo);

    private HypothesisResult Run(TwoProportions data, Alternative alternative) => Test.Test(data, new TestOptions { Alternative = alternative });
}
