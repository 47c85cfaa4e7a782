using System.Collections.Immutable;
using CsCheck;
using MeshCanary.Analysis.Samples.Prometheus;

namespace MeshCanary.Analysis.Tests.Samples.Prometheus;

public sealed class NativeHistogramTests
{
    private static readonly Gen<NativeHistogram> Any =
        from schema in Gen.Int[-2, 8]
        from zero in Gen.Int[0, 5]
        from values in Gen.Double[0.0003, 100].Array[0, 40]
        select Observe(schema, zero, values);

    [Fact]
    public void FromSpans_TheExampleOfTheFormat_ReadsBack()
    {
        // Spans 0..1 and 4..5, counts 1, 3, 2, 2 as differences.
        var histogram = NativeHistogram.FromSpans(3, 0.001, 2, [(0, 2), (2, 2)], [1, 2, -1, 0]);
        Assert.Equal(new Dictionary<int, double> { [0] = 1, [1] = 3, [4] = 2, [5] = 2 }, histogram.Buckets);
        Assert.Equal(10, histogram.Total);
    }

    [Fact]
    public void FromSpans_ThatDoNotFit_AreRefused()
    {
        Assert.Throws<ArgumentException>(() => NativeHistogram.FromSpans(3, 0, 0, [(0, 2)], [1]));
        Assert.Throws<ArgumentException>(() => NativeHistogram.FromSpans(3, 0, 0, [(0, 2)], [1, -2]));
        Assert.Throws<ArgumentException>(() => NativeHistogram.FromSpans(3, 0, 0, [(0, 1), (-1, 1)], [1, 1]));
        Assert.Throws<ArgumentException>(() => new NativeHistogram(9, 0, 0, ImmutableSortedDictionary<int, double>.Empty));
        Assert.Throws<ArgumentException>(() => new NativeHistogram(3, double.NaN, 0, ImmutableSortedDictionary<int, double>.Empty));
        Assert.Throws<ArgumentException>(() => new NativeHistogram(3, 0, 0, ImmutableSortedDictionary<int, double>.Empty.Add(1, -1)));
    }

    [Fact]
    public void Quantile_InsideABucket_IsExponential()
    {
        // Four in (1, 2] at schema 0: the median is the geometric middle.
        var estimate = NativeHistogram.FromSpans(0, 0, 0, [(1, 1)], [4]).Quantile(0.5)!.Value;
        Assert.Equal(Math.Sqrt(2), estimate.Value, 1e-12);
        Assert.Equal((1, 2), (estimate.Low, estimate.High));
    }

    [Fact]
    public void Quantile_OfAnyValues_LiesWithinItsLimitsWithTheTrueOne() =>
        Gen.Select(Gen.Int[-2, 8], Gen.Double[0.0003, 100].Array[1, 60], Gen.Double[0, 1]).Sample((schema, values, share) =>
        {
            var estimate = Observe(schema, 0, values).Quantile(share)!.Value;
            var sorted = values.Order().ToArray();
            var truth = sorted[Math.Clamp((int)Math.Ceiling(share * sorted.Length), 1, sorted.Length) - 1];
            return estimate.Low <= estimate.Value && estimate.Value <= estimate.High
                && estimate.Low <= truth * (1 + 1e-12) && truth <= estimate.High * (1 + 1e-12);
        });

    [Fact]
    public void AtSchema_Coarser_IsObservingCoarser() =>
        Gen.Select(Gen.Int[-2, 8], Gen.Int[0, 4], Gen.Double[0.0003, 100].Array[0, 40]).Sample((schema, down, values) =>
        {
            var coarse = Math.Max(-4, schema - down);
            return Same(Observe(schema, 0, values).AtSchema(coarse), Observe(coarse, 0, values));
        });

    [Fact]
    public void Merge_OfAny_LosesNothingAndDoesNotCareForOrder() =>
        Gen.Select(Any, Any).Sample((one, other) =>
        {
            var (merged, back) = (one.Merge(other), other.Merge(one));
            return Math.Abs(merged.Total - one.Total - other.Total) < 1e-9 && Same(merged, back) && merged.Schema == Math.Min(one.Schema, other.Schema);
        });

    [Fact]
    public void Since_WhatWasMerged_IsTheRest() =>
        Gen.Select(Gen.Int[0, 8], Gen.Double[0.01, 100].Array[0, 30], Gen.Double[0.01, 100].Array[1, 30]).Sample((schema, before, more) =>
            Same(Observe(schema, 0, [.. before, .. more]).Since(Observe(schema, 0, before)), Observe(schema, 0, more)));

    [Fact]
    public void Since_ARestart_IsAllOfTheNewProcess()
    {
        var after = Observe(3, 0, [0.1, 0.2]);
        Assert.True(Same(after, after.Since(Observe(3, 0, [0.5, 0.5, 0.5]))));
        Assert.True(Same(after, after.Since(Observe(2, 0, [0.1]))));
        Assert.True(Same(after, after.Since(Observe(3, 4, []))));
    }

    [Fact]
    public void Since_ExporterBecameCoarser_ComparesAtTheCoarser() =>
        Assert.True(Same(Observe(2, 0, [0.1, 0.2, 0.3]).Since(Observe(5, 0, [0.1, 0.2])), Observe(2, 0, [0.3])));

    [Fact]
    public void Merge_WiderZeroBucket_TakesInWhatBeginsBelowIt()
    {
        var narrow = Observe(0, 0, [0.3, 0.9, 3]);
        var merged = narrow.Merge(new NativeHistogram(0, 0.3, 1, ImmutableSortedDictionary<int, double>.Empty));
        Assert.Equal((0.5, 2, 4), (merged.ZeroThreshold, merged.ZeroCount, merged.Total));
    }

    [Fact]
    public void ToLatency_CountsAboveABound_AreExact()
    {
        var values = Enumerable.Range(0, 4000).Select(i => 0.001 * Math.Exp(i / 500.0)).ToArray();
        var histogram = Observe(3, 0, values);
        var ours = histogram.ToLatency();
        Assert.Equal(values.Length, ours.Total);
        foreach (var bound in ForeignLayout.Edges(histogram.Buckets.Keys.Select(index => NativeHistogram.UpperBound(3, index))))
            Assert.Equal(values.Count(value => value > bound), ours.CountAbove(ForeignLayout.BucketOf(bound)));
    }

    private static NativeHistogram Observe(int schema, int zero, double[] values)
    {
        var buckets = ImmutableSortedDictionary.CreateBuilder<int, double>();
        foreach (var value in values)
        {
            var index = (int)Math.Ceiling(Math.Log2(value) * Math.Pow(2, schema));
            while (value <= NativeHistogram.UpperBound(schema, index - 1))
                index--;
            while (value > NativeHistogram.UpperBound(schema, index))
                index++;
            buckets[index] = buckets.GetValueOrDefault(index) + 1;
        }

        return new NativeHistogram(schema, 1e-6, zero, buckets.ToImmutable());
    }

    private static bool Same(NativeHistogram one, NativeHistogram other) =>
        one.Schema == other.Schema && one.ZeroThreshold == other.ZeroThreshold && one.ZeroCount == other.ZeroCount
        && one.Buckets.Where(pair => pair.Value > 0).SequenceEqual(other.Buckets.Where(pair => pair.Value > 0));
}
