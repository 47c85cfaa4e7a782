using System.Collections.Immutable;
using MeshCanary.Analysis.Judging;
using MeshCanary.Analysis.Judging.Custom;
using MeshCanary.Analysis.Samples.Custom;
using MeshCanary.Analysis.Sequential;
using MeshCanary.Analysis.Tests.Simulation;

namespace MeshCanary.Analysis.Tests.Judging;

public sealed class DistributionMetricTests
{
    internal static readonly CustomMetric Payload = new() { Name = "payload", Kind = CustomKind.Distribution, Percentiles = [50, 90], ToleranceFactor = 1.3, HarmFactor = 2, Overdispersion = 1 };

    private static readonly ImmutableArray<double> Boundaries = [100, 150, 200, 300, 400, 600, 800, 1200];

    // Cumulative of 1000 observations: the median lies at 200, the 90th percentile at 600.
    private static readonly ImmutableArray<long> Usual = [100, 300, 500, 700, 800, 900, 960, 990, 1000];

    [Theory]
    [InlineData(50, 2, 3, 4)]
    [InlineData(90, 5, 6, 7)]
    public void Edges_OfAPercentile_AreMovedSoThatNeitherTestGetsEasier(double percentile, int edge, int tolerated, int harm)
    {
        // 200: 1.3 times is 260, the next boundary 300; twice is 400. 600: 780, so 800; twice is 1200.
        Assert.Equal(new BucketEdges(edge, tolerated, harm, Margin.None), BucketEdges.Of(Boundaries, Usual, percentile, Payload));
    }

    [Fact]
    public void Edges_WhereStableJumpsAcrossTheEdge_GetTheMissingShareAsMargin()
    {
        ImmutableArray<long> jump = [0, 0, 0, 990, 1000, 1000, 1000, 1000, 1000];
        var edges = BucketEdges.Of(Boundaries, jump, 50, Payload)!.Value;
        Assert.Equal((3, 0.49), (edges.Edge, Math.Round(edges.HarmMargin.Absolute, 12)));
    }

    [Fact]
    public void Edges_OfNothing_AreNone() => Assert.Null(BucketEdges.Of(Boundaries, [0, 0, 0, 0, 0, 0, 0, 0, 0], 50, Payload));

    [Fact]
    public void Distribution_OfEqualArms_IsProvenHarmless()
    {
        var metric = Follow(40, 0).Custom!.Value[0];
        Assert.True(metric.IsProven, metric.Missing);
        Assert.True(metric.FailEvidence < 1);
    }

    [Fact]
    public void Distribution_ThatMovedByOneBucket_Fails()
    {
        var verdict = Follow(60, 2);
        Assert.Equal(VerdictKind.Fail, verdict.Kind);
        Assert.StartsWith("payload: canary", verdict.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public void Distribution_WithoutABoundaryWithinHarm_SaysThatNoProofIsPossible()
    {
        var metric = Follow(20, 0, Payload with { ToleranceFactor = 1, HarmFactor = 1.1 }).Custom!.Value[0];
        Assert.False(metric.IsProven);
        Assert.Contains("no bucket boundary between 200 and 220", metric.Missing, StringComparison.Ordinal);
    }

    [Fact]
    public void Distribution_WhoseBucketsChange_HasNoAnswer()
    {
        var judge = new CanaryJudge(Traffic.Independent with { Metrics = [Payload] });
        var traffic = new Traffic(1);
        for (var place = 0; place < 5; place++)
            judge.Observe(traffic.Next() with { Custom = [Reading(place, 0)] });
        var other = new CustomValues { Boundaries = [1, 2], Cumulative = [1, 2, 3] };
        judge.Observe(traffic.Next() with { Custom = [Reading(5, 0) with { Canary = other, Stable = other }] });
        var metric = judge.Assess().Custom!.Value[0];
        Assert.Equal(1, metric.Unanswered);
        Assert.Contains("the buckets are others", metric.Missing, StringComparison.Ordinal);
    }

    /// <summary>Equal arms, or a canary whose observations lie some buckets higher.</summary>
    internal static CustomReading Reading(int place, int shift) => CustomMetricTests.At("payload", place) with
    {
        Canary = new CustomValues { Boundaries = Boundaries, Cumulative = [.. Usual.Select((_, bucket) => bucket == Usual.Length - 1 ? 1000 : bucket < shift ? 0 : Usual[bucket - shift])] },
        Stable = new CustomValues { Boundaries = Boundaries, Cumulative = Usual },
    };

    private static Verdict Follow(int intervals, int shift, CustomMetric? metric = null)
    {
        var judge = new CanaryJudge(Traffic.Independent with { Metrics = [metric ?? Payload] });
        var traffic = new Traffic(1);
        for (var place = 0; place < intervals; place++)
            judge.Observe(traffic.Next() with { Custom = [Reading(place, shift)] });
        return judge.Assess();
    }
}
