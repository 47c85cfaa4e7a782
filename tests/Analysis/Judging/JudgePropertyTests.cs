using System.Collections.Immutable;
using CsCheck;
using MeshCanary.Analysis.Judging;
using MeshCanary.Analysis.Samples;
using MeshCanary.Analysis.Tests.Simulation;

namespace MeshCanary.Analysis.Tests.Judging;

public sealed class JudgePropertyTests
{
    private static readonly AnalysisSettings Guarded = new()
    {
        Guards = [new Guard { Metric = "errorRate", Max = 0.5 }, new Guard { Metric = "latencyP99", Max = 5 }],
    };

    private static readonly Gen<long> AnyCount = Gen.OneOf(Gen.Const(0L), Gen.Long[0, 30], Gen.Long[0, 5000], Gen.Long[0, 1_000_000_000]);

    private static readonly Gen<ArmCounts> AnyArm =
        Gen.Select(AnyCount, AnyHistogram(5), AnyHistogram(2))
            .Select((errors, latency, givenUp) => new ArmCounts { Errors = errors, Latency = latency, GivenUp = givenUp });

    private static readonly Gen<DrawCounts> AnyDraws =
        Gen.Select(Gen.OneOf(Gen.OneOf(0, 1, 100, 5000, 9999, 10_000), Gen.Int[0, 10_000]), AnyCount, AnyCount)
            .Select((weight, stable, canary) => new DrawCounts(weight, stable, canary));

    /// <summary>Endpoints by any name, more than are watched, named twice, and with counts that need not fit the arm's.</summary>
    private static readonly Gen<ImmutableArray<EndpointCounts>> AnyEndpoints = Gen.OneOf(
        Gen.Const(ImmutableArray<EndpointCounts>.Empty),
        Gen.Select(Gen.Int[0, 20].Select(number => $"e{number}"), AnyArm).Select((name, counts) => new EndpointCounts(name, counts)).Array[1, 24].Select(all => all.ToImmutableArray()));

    private static readonly Gen<IntervalSample> AnySample = Gen.Select(AnyArm, AnyArm, AnyDraws.Array[0, 3], AnyArm.Array[0, 1], AnyEndpoints, AnyEndpoints, Gen.Bool)
        .Select((stable, canary, draws, baseline, ofStable, ofCanary, users) => Traffic.Interval(0, stable, canary) with
        {
            Draws = draws,
            Baseline = baseline.FirstOrDefault(),
            StableEndpoints = ofStable,
            CanaryEndpoints = ofCanary,
            Users = users ? new UserSample(canary, stable) : null,
        });

    /// <summary>Runs that look like service traffic, so that verdicts of every kind come up.</summary>
    private static readonly Gen<IntervalSample[]> LikelyRun =
        Gen.Select(Gen.Int[0, int.MaxValue], Gen.OneOf(20L, 300L, 3000L), Gen.OneOf(100, 1000, 5000), Gen.OneOf(0.0, 0.005, 0.02, 0.2), Gen.OneOf(1.0, 1.1, 1.5))
            .Select((seed, perInterval, weight, errors, slowdown) =>
            {
                var traffic = new Traffic(seed, perInterval, weight) { Canary = new ArmModel(errors, slowdown) };
                return Enumerable.Range(0, 14).Select(_ => traffic.Next()).ToArray();
            });

    /// <summary>The same with three endpoints an arm and a baseline arm, of which the last endpoint may be bad.</summary>
    private static readonly Gen<IntervalSample[]> LikelyMesh =
        Gen.Select(Gen.Int[0, int.MaxValue], Gen.OneOf(0.005, 0.2), Gen.OneOf(0.005, 0.2), Gen.Bool).Select((seed, canary, worst, threeWay) =>
            Enumerable.Range(0, 20).Select(i => Fleet.Interval(new Random(seed + i), i, canaryErrors: [canary, canary, worst], baselineErrors: threeWay ? worst : null)).ToArray());

    private static readonly Gen<AnalysisSettings> AnySettings = Gen.Select(
        Gen.OneOf(Gen.Const((double?)null), Gen.Const((double?)1.5)),
        Gen.Bool,
        Gen.OneOf(Gen.Const(ImmutableArray<double>.Empty), Gen.Const(ImmutableArray.Create(0.005, 0.01, 0.1, 1, 10))),
        Gen.Bool,
        Gen.Bool).Select((phi, users, boundaries, calibrated, strict) => Guarded with
        {
            ErrorOverdispersion = phi,
            Unit = users ? ComparisonUnit.Users : ComparisonUnit.Requests,
            LatencyBoundaries = boundaries,
            Calibration = calibrated ? Fleet.Profile() : null,
            LatencyToleranceBuckets = strict ? 0 : 1,
        });

    private static Gen<LatencyHistogram> AnyHistogram(int buckets) =>
        Gen.Select(Gen.Int[0, LatencyBuckets.Overflow], AnyCount).Array[0, buckets].Select(filled =>
        {
            var counts = new long[LatencyBuckets.Count];
            foreach (var (bucket, count) in filled)
                counts[bucket] = count;
            return LatencyHistogram.FromCounts(counts);
        });

    [Fact]
    public void Judge_AnyCounts_GivesFiniteNumbersAndASentence() =>
        Gen.Select(AnySample.Array[0, 12], Gen.Int[0, 4], AnySettings).Sample((samples, warm, settings) =>
        {
            var judge = new CanaryJudge(settings);
            JudgeAssertions.IsSane(judge.Assess());
            for (var i = 0; i < samples.Length; i++)
            {
                if (i < warm)
                    judge.Warm(samples[i]);
                else
                    judge.Observe(samples[i]);
                JudgeAssertions.IsSane(judge.Assess());
            }
        }, iter: 150);

    [Fact]
    public void Judge_SavedAndRestoredThroughJsonAnywhere_GivesTheSameBits() =>
        Gen.Select(Gen.OneOf(LikelyRun, LikelyMesh, AnySample.Array[1, 10]), Gen.Int[0, 18], Gen.Int[0, 4], AnySettings).Sample((samples, at, warm, settings) =>
        {
            var through = new CanaryJudge(settings);
            var resumed = new CanaryJudge(JudgeAssertions.RoundTrip(settings));
            for (var i = 0; i < samples.Length; i++)
            {
                if (i == at)
                    resumed = CanaryJudge.Restore(JudgeAssertions.RoundTrip(settings), JudgeAssertions.RoundTrip(resumed.Save()));
                var again = JudgeAssertions.RoundTrip(samples[i]);
                if (i < warm)
                {
                    through.Warm(samples[i]);
                    resumed.Warm(again);
                }
                else
                {
                    through.Observe(samples[i]);
                    resumed.Observe(again);
                }

                var verdict = through.Assess();
                Assert.Equal(JudgeAssertions.Json(verdict), JudgeAssertions.Json(resumed.Assess()));
                Assert.Equal(JudgeAssertions.Json(verdict), JudgeAssertions.Json(JudgeAssertions.RoundTrip(verdict)));
            }

            Assert.Equal(JudgeAssertions.Json(through.Save()), JudgeAssertions.Json(resumed.Save()));
        }, iter: 60);

    [Fact]
    public void Judge_LikelyTraffic_VerdictAndScoreNeverContradict() =>
        LikelyRun.Sample(samples =>
        {
            var judge = new CanaryJudge(Traffic.Independent);
            for (var i = 0; i < samples.Length; i++)
            {
                if (i < 2)
                    judge.Warm(samples[i]);
                else
                    judge.Observe(samples[i]);
                JudgeAssertions.IsSane(judge.Assess());
            }
        }, iter: 150);

    [Fact]
    public void Judge_CanarySuccessTurnedIntoError_NeverLowersFailNorRaisesPassEvidence() =>
        Gen.Select(LikelyRun, Gen.Int[2, 13]).Sample((samples, at) =>
        {
            if (samples[at].Canary.Latency.Total == 0)
                return;
            var (before, after) = (Final(samples), Final([.. samples.Select((sample, i) => i == at ? OneMoreError(sample) : sample)]));
            for (var m = 0; m < before.Metrics.Length; m++)
            {
                Assert.True(after.Metrics[m].FailEvidence >= before.Metrics[m].FailEvidence - 1e-9);
                Assert.True(after.Metrics[m].PassEvidence <= before.Metrics[m].PassEvidence + 1e-9);
            }

            Assert.True(after.HighestFailEvidence >= before.HighestFailEvidence - 1e-9);
        }, iter: 150);

    [Fact]
    public void Judge_DrawsInAnotherOrder_GivesTheSameBits() =>
        Gen.Select(AnySample, AnyDraws.Array[2, 5]).Sample((sample, draws) =>
        {
            // One entry per weight, as a proxy reports them.
            var distinct = draws.DistinctBy(one => one.CanaryWeight).ToArray();
            var (forward, backward) = (new CanaryJudge(Traffic.Independent), new CanaryJudge(Traffic.Independent));
            forward.Observe(sample with { Draws = distinct });
            backward.Observe(sample with { Draws = [.. distinct.Reverse()] });
            Assert.Equal(forward.Assess().SampleRatioEvidence, backward.Assess().SampleRatioEvidence);
            Assert.Equal(forward.Assess().Kind, backward.Assess().Kind);
        }, iter: 200);

    private static Verdict Final(IntervalSample[] samples)
    {
        var judge = new CanaryJudge(Traffic.Independent);
        judge.Warm(samples[0]);
        judge.Warm(samples[1]);
        foreach (var sample in samples.Skip(2))
            judge.Observe(sample);
        return judge.Assess();
    }

    private static IntervalSample OneMoreError(IntervalSample sample)
    {
        var counts = new long[LatencyBuckets.Count];
        sample.Canary.Latency.AddTo(counts);
        counts[sample.Canary.Latency.QuantileBucket(0.5)!.Value]--;
        return sample with { Canary = new ArmCounts { Errors = sample.Canary.Errors + 1, Latency = LatencyHistogram.FromCounts(counts) } };
    }
}
