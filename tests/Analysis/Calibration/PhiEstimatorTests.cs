using System.Text.Json;
using CsCheck;
using MeshCanary.Analysis.Calibration;

namespace MeshCanary.Analysis.Tests.Calibration;

public sealed class PhiEstimatorTests
{
    private static readonly DateTimeOffset Origin = new(2026, 1, 5, 10, 0, 0, TimeSpan.Zero);

    private static readonly Gen<HalfCounts> Block = Gen.Select(
        Gen.Int[0, 500], Gen.Int[0, 500], Gen.Double[0, 1], Gen.Double[0, 1],
        (n1, n2, p1, p2) => new HalfCounts(n1, (long)(n1 * p1 * p1 * p1), n2, (long)(n2 * p2 * p2 * p2)));

    [Theory]
    [InlineData(0, 0, 10, 1)]
    [InlineData(10, 1, 0, 0)]
    [InlineData(10, 0, 10, 0)]
    [InlineData(10, 10, 10, 10)]
    [InlineData(10, 11, 10, 0)]
    [InlineData(10, -1, 10, 1)]
    public void Z_NothingToTell_IsNull(long n1, long x1, long n2, long x2) => Assert.Null(new HalfCounts(n1, x1, n2, x2).Z);

    [Theory]
    [InlineData(7, 5, 1)]
    [InlineData(40, 60, 3)]
    [InlineData(3, 3, 5)]
    public void Z_GivenTheEvents_HasExactlyTheMeanSquareThatThePageSays(int n1, int n2, int events)
    {
        // x1 is hypergeometric given the sum: enumerate it.
        var (total, square) = (0.0, 0.0);
        for (var x = Math.Max(0, events - n2); x <= Math.Min(n1, events); x++)
        {
            var weight = Choose(n1, x) * Choose(n2, events - x);
            total += weight;
            square += weight * Math.Pow(new HalfCounts(n1, x, n2, events - x).Z!.Value, 2);
        }

        Assert.Equal((n1 + n2) / (n1 + n2 - 1.0), square / total, 1e-12);
    }

    [Fact]
    public void Sums_AnyBlocksWithoutAGap_AreTheDirectBatchMeans() => Block.Array[0, 130].Sample(blocks =>
    {
        var phi = new PhiEstimator();
        for (var i = 0; i < blocks.Length; i++)
            Assert.True(phi.Add(blocks[i], Minute(i), Minute(i + 1)));
        foreach (var length in phi.Sums.Lengths)
        {
            var batches = blocks.Chunk(length.Minutes).Where(chunk => chunk.Length == length.Minutes).ToArray();
            Assert.Equal(batches.Count(batch => batch.Any(one => one.Z is not null)), length.Batches);
            Assert.Equal(batches.Sum(batch => batch.Count(one => one.Z is not null)), length.Blocks);
            Assert.Equal(batches.Sum(batch => Math.Pow(batch.Sum(one => one.Z ?? 0), 2)), length.Squares, 1e-6);
        }

        Assert.Equal(blocks.Count(one => one.IsComparable), phi.Sums.ComparedBlocks);
    }, iter: 200);

    [Fact]
    public void Sums_TwoStretches_MergeToOne() => Gen.Select(Block.Array[30], Block.Array[30]).Sample((first, second) =>
    {
        var (whole, one, other) = (new PhiEstimator(), new PhiEstimator(), new PhiEstimator());
        for (var i = 0; i < 30; i++)
        {
            whole.Add(first[i], Minute(i), Minute(i + 1));
            one.Add(first[i], Minute(i), Minute(i + 1));
        }

        for (var i = 0; i < 30; i++)
        {
            whole.Add(second[i], Minute(30 + i), Minute(31 + i));
            other.Add(second[i], Minute(30 + i), Minute(31 + i));
        }

        var merged = one.Sums.Merge(other.Sums);
        Assert.Equal(whole.Sums.Lengths.Select(length => (length.Batches, length.Blocks)), merged.Lengths.Select(length => (length.Batches, length.Blocks)));
        Assert.All(whole.Sums.Lengths.Zip(merged.Lengths), pair => Assert.Equal(pair.First.Squares, pair.Second.Squares, 1e-9));
        Assert.Equal(JsonSerializer.Serialize(merged), JsonSerializer.Serialize(other.Sums.Merge(one.Sums)));
    }, iter: 50);

    [Fact]
    public void Add_AfterAGap_BatchesAcrossItAreDropped()
    {
        var phi = new PhiEstimator();
        for (var i = 0; i < 9; i++)
            phi.Add(Noisy(i), Minute(i), Minute(i + 1));
        phi.Add(Noisy(9), Minute(11), Minute(12));
        for (var i = 12; i < 16; i++)
            phi.Add(Noisy(i), Minute(i), Minute(i + 1));
        Assert.Equal(14, phi.Sums.Lengths[0].Batches);
        Assert.Equal(2, phi.Sums.Lengths[1].Batches);
        Assert.Equal(0, phi.Sums.Lengths[2].Batches);
    }

    [Fact]
    public void Add_ShortPause_BridgesIt()
    {
        var phi = new PhiEstimator();
        for (var i = 0; i < 5; i++)
            phi.Add(Noisy(i), Minute(i).AddSeconds(i < 3 ? 0 : 29), Minute(i + 1));
        Assert.Equal(1, phi.Sums.Lengths[1].Batches);
    }

    [Fact]
    public void Add_NoBlock_IsRefusedAndChangesNothing()
    {
        var phi = new PhiEstimator();
        phi.Add(Noisy(0), Minute(0), Minute(1));
        var before = JsonSerializer.Serialize(phi.Save());
        Assert.False(phi.Add(Noisy(1), Minute(0), Minute(1)));
        Assert.False(phi.Add(Noisy(1), Minute(2), Minute(2)));
        Assert.False(phi.Add(Noisy(1), Minute(3), Minute(2)));
        Assert.False(phi.Add(new HalfCounts(5, 6, 5, 0), Minute(1), Minute(2)));
        Assert.False(phi.Add(new HalfCounts(long.MaxValue, 0, 5, 0), Minute(1), Minute(2)));
        Assert.Equal(before, JsonSerializer.Serialize(phi.Save()));
    }

    [Fact]
    public void Restore_AnywhereInTheStretch_GoesOnAsIfNothingHappened() => Gen.Select(Block.Array[80], Gen.Int[0, 79]).Sample((blocks, stop) =>
    {
        var (straight, broken) = (new PhiEstimator(), new PhiEstimator());
        for (var i = 0; i < blocks.Length; i++)
        {
            if (i == stop)
            {
                var state = JsonSerializer.Deserialize<PhiState>(JsonSerializer.Serialize(broken.Save()))!;
                broken = new PhiEstimator();
                broken.Restore(state);
            }

            straight.Add(blocks[i], Minute(i), Minute(i + 1));
            broken.Add(blocks[i], Minute(i), Minute(i + 1));
        }

        Assert.Equal(JsonSerializer.Serialize(straight.Save()), JsonSerializer.Serialize(broken.Save()));
    }, iter: 50);

    [Fact]
    public void Restore_ImpossibleNumbers_IsRefused()
    {
        var state = new PhiEstimator().Save();
        var negative = state with { Sums = state.Sums with { ComparedBlocks = -1 } };
        Assert.Throws<ArgumentException>(() => new PhiEstimator().Restore(negative));
        Assert.Throws<ArgumentException>(() => new PhiEstimator().Restore(state with { Open = [] }));
        var others = state with { Sums = state.Sums with { Lengths = [.. state.Sums.Lengths.Reverse()] } };
        Assert.Throws<ArgumentException>(() => new PhiEstimator().Restore(others));
    }

    [Fact]
    public void Estimate_NothingMeasured_IsThePriorAndNotOne()
    {
        var nothing = PhiEstimate.From(PhiSums.Empty);
        Assert.Equal(4, nothing.Value);
        Assert.Null(nothing.UpperBound);
        Assert.Equal(0, nothing.LongestBatchMinutes);
    }

    [Fact]
    public void Estimate_FewBlocks_ThePriorTakesPart()
    {
        var sums = Sums((10, 10, 15), (2, 10, 15), (0, 0, 0), (0, 0, 0));
        Assert.Equal((32 + 15) / 18.0, PhiEstimate.From(sums).Value, 1e-12);
    }

    [Fact]
    public void Estimate_EnoughBatches_IsTheLargestCorrectedMean()
    {
        var sums = Sums((120, 120, 240), (24, 120, 600), (8, 120, 9000), (4, 120, 90000));
        var phi = PhiEstimate.From(sums);
        Assert.Equal(5 * SmallSample.Factor(24, 0.01), phi.Value, 1e-12);
        Assert.Equal(5, phi.Uncorrected, 1e-12);
        Assert.Equal(5, phi.BatchMinutes);
        Assert.Equal(5, phi.LongestBatchMinutes);
        Assert.Equal(2.5, phi.Persistence, 1e-12);
        Assert.Equal(5 * SmallSample.UpperFactor(24, 0.95), phi.UpperBound!.Value, 1e-12);
    }

    [Fact]
    public void Estimate_QuieterThanChance_IsOne() => Assert.Equal(1, PhiEstimate.From(Sums((100, 100, 10), (20, 100, 1), (0, 0, 0), (0, 0, 0))).Value);

    [Fact]
    public void Estimate_OptionsOutOfRange_AreRefused()
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => PhiEstimate.From(PhiSums.Empty, minimumBlocks: 11));
        Assert.Throws<ArgumentOutOfRangeException>(() => PhiEstimate.From(PhiSums.Empty, alpha: double.NaN));
        Assert.Throws<ArgumentOutOfRangeException>(() => PhiEstimate.From(PhiSums.Empty, alpha: 0));
    }

    private static PhiSums Sums(params (long Batches, long Blocks, double Squares)[] lengths) => PhiSums.Empty with
    {
        Lengths = [.. lengths.Select((length, i) => new BatchSums(PhiSums.BatchMinutes[i], length.Batches, length.Blocks, length.Squares))],
        ComparedBlocks = lengths[0].Blocks,
    };

    private static HalfCounts Noisy(int i) => new(100, 3 + (i % 3), 100, 4);

    private static DateTimeOffset Minute(int i) => Origin.AddMinutes(i);

    private static double Choose(int n, int k) => k < 0 || k > n ? 0 : Enumerable.Range(1, k).Aggregate(1.0, (product, i) => product * (n - k + i) / i);
}
