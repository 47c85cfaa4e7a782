using MeshCanary.Analysis.Judging;
using MeshCanary.Analysis.Samples;
using MeshCanary.Analysis.Tests.Simulation;

namespace MeshCanary.Analysis.Tests.Judging;

public sealed class EndpointTests
{
    private static readonly AnalysisSettings Settings = Traffic.Independent with { LatencyPercentiles = [50] };

    [Fact]
    public void Endpoint_OneOfThreeIsBad_IsNamedInsteadOfAFail()
    {
        var verdict = Until(new CanaryJudge(Settings), i => Interval(i, 0.005, 0.005, 0.2), verdict => verdict.Kind != VerdictKind.NotEnoughData);
        Assert.Equal((VerdictKind.Inconclusive, "c2"), (verdict.Kind, verdict.SuspectEndpoint));
        Assert.Contains("comes from one endpoint, c2: replace it. Without it the evidence is ", verdict.Reason, StringComparison.Ordinal);
        Assert.StartsWith("errors: canary ", verdict.Reason, StringComparison.Ordinal);
        Assert.Null(verdict.Eta);
        JudgeAssertions.IsSane(verdict);
    }

    [Fact]
    public void Endpoint_ThatWasTheCauseIsGone_IsNotHeldAgainstTheVersion()
    {
        var judge = new CanaryJudge(Settings);
        Until(judge, i => Interval(i, 0.005, 0.005, 0.2), verdict => verdict.Kind == VerdictKind.Inconclusive);
        judge.Observe(Replaced(100));
        judge.Observe(Replaced(101));
        Assert.Equal(VerdictKind.Inconclusive, judge.Assess().Kind);
        judge.Observe(Replaced(102));
        var gone = judge.Assess();
        Assert.Equal(VerdictKind.NotEnoughData, gone.Kind);
        Assert.Contains(gone.Caveats, caveat => caveat.StartsWith("The regression that showed came from the endpoint c2, which serves no longer", StringComparison.Ordinal));
        var passed = Until(judge, i => Replaced(103 + i), verdict => verdict.Kind != VerdictKind.NotEnoughData);
        Assert.Equal(VerdictKind.Pass, passed.Kind);
    }

    [Fact]
    public void Endpoint_WasTheCauseButTheVersionTurnsOutBad_Fails()
    {
        var judge = new CanaryJudge(Settings);
        Until(judge, i => Interval(i, 0.005, 0.005, 0.2), verdict => verdict.Kind == VerdictKind.Inconclusive);
        var verdict = Until(judge, i => Interval(100 + i, 0.1, 0.1, 0.2), verdict => verdict.Kind != VerdictKind.Inconclusive);
        Assert.Equal(VerdictKind.Fail, verdict.Kind);
    }

    [Fact]
    public void Endpoints_AllBad_FailAsSoonAsWithoutEndpoints()
    {
        for (var seed = 0; seed < 20; seed++)
        {
            var (known, unknown) = (new CanaryJudge(Settings), new CanaryJudge(Settings));
            var with = Until(known, i => Interval((100 * seed) + i, 0.02, 0.02), verdict => verdict.Kind != VerdictKind.NotEnoughData);
            var without = Until(unknown, i => Interval((100 * seed) + i, 0.02, 0.02) with { CanaryEndpoints = [] }, verdict => verdict.Kind != VerdictKind.NotEnoughData);
            Assert.Equal(without.Intervals, with.Intervals);
            Assert.Equal(VerdictKind.Fail, without.Kind);
            Assert.Equal(VerdictKind.Fail, with.Kind);
        }
    }

    [Fact]
    public void Endpoint_TheOnlyOne_FailsWithACaveat()
    {
        var verdict = Until(new CanaryJudge(Settings), i => Interval(i, 0.2), verdict => verdict.Kind != VerdictKind.NotEnoughData);
        Assert.Equal(VerdictKind.Fail, verdict.Kind);
        Assert.Contains("The canary has one endpoint only: a slow machine cannot be told from a slow version.", verdict.Caveats);
    }

    [Fact]
    public void Endpoint_TheOnlyOne_HasNoEvidenceWithoutItAfterARestartEither()
    {
        var judge = new CanaryJudge(Settings);
        Until(judge, i => Interval(i, 0.2), verdict => verdict.Kind != VerdictKind.NotEnoughData);
        var resumed = CanaryJudge.Restore(Settings, JudgeAssertions.RoundTrip(judge.Save()));
        judge.Observe(Interval(100, 0.2));
        resumed.Observe(Interval(100, 0.2));
        Assert.Equal(0, Assert.Single(judge.Save().Endpoints!.Endpoints).HighestWithout);
        Assert.Equal(JudgeAssertions.Json(judge.Save()), JudgeAssertions.Json(resumed.Save()));
    }

    [Fact]
    public void Endpoint_ThatAppearsLate_StartsWithTheEvidenceOfBefore()
    {
        // The version is bad on all of its endpoints long before the last one appears: leaving that one out changes nothing.
        var judge = new CanaryJudge(Settings with { MinimumIntervals = 30 });
        for (var i = 0; i < 29; i++)
            judge.Observe(Interval(i, 0.05, 0.05));
        judge.Observe(Interval(29, 0.05, 0.05, 0.5));
        judge.Observe(Interval(30, 0.05, 0.05, 0.5));
        Assert.Equal(VerdictKind.Fail, judge.Assess().Kind);
    }

    [Fact]
    public void Endpoints_MoreThanAreWatched_SaysSo()
    {
        var judge = new CanaryJudge(Settings);
        judge.Warm(Interval(0, [.. Enumerable.Repeat(0.005, 17)]));
        judge.Observe(Interval(1, [.. Enumerable.Repeat(0.005, 16)]));
        Assert.DoesNotContain(judge.Assess().Caveats, caveat => caveat.Contains("more than 16", StringComparison.Ordinal));
        judge.Observe(Interval(2, [.. Enumerable.Repeat(0.005, 17)]));
        Assert.Contains(judge.Assess().Caveats, caveat => caveat.StartsWith("The canary has more than 16 endpoints", StringComparison.Ordinal));
        Assert.Equal(16, judge.Save().Endpoints!.Endpoints.Length);
    }

    [Fact]
    public void Endpoints_WithUsersCompared_AreNotLookedAt()
    {
        var judge = new CanaryJudge(Settings with { Unit = ComparisonUnit.Users });
        var verdict = Until(judge, i => WithUsers(Interval(i, 0.005, 0.2)), verdict => verdict.Kind != VerdictKind.NotEnoughData);
        Assert.Equal(VerdictKind.Fail, verdict.Kind);
        Assert.Empty(judge.Save().Endpoints!.Endpoints);
        Assert.Contains(verdict.Caveats, caveat => caveat.StartsWith("Users are compared, and they are not counted by endpoint", StringComparison.Ordinal));
    }

    [Fact]
    public void Guard_OneEndpointIsBad_BlowsAllTheSame()
    {
        var judge = new CanaryJudge(Settings with { Guards = [new Guard { Metric = "errorRate", Max = 0.1 }] });
        var verdict = Until(judge, i => Interval(i, 0.005, 0.9), verdict => verdict.Kind != VerdictKind.NotEnoughData);
        Assert.Equal(VerdictKind.Fail, verdict.Kind);
        Assert.StartsWith("Guard breached", verdict.Reason, StringComparison.Ordinal);
    }

    private static IntervalSample Interval(int index, params double[] errors) => Fleet.Interval(new Random(1000 + index), index, errors);

    /// <summary>The third endpoint is another one, as good as the first two.</summary>
    private static IntervalSample Replaced(int index)
    {
        var sample = Interval(index, 0.005, 0.005, 0.005);
        return sample with { CanaryEndpoints = [.. sample.CanaryEndpoints.Select(endpoint => endpoint.Endpoint == "c2" ? endpoint with { Endpoint = "c3" } : endpoint)] };
    }

    private static IntervalSample WithUsers(IntervalSample sample) => sample with { Users = new UserSample(sample.Stable, sample.Canary) };

    private static Verdict Until(CanaryJudge judge, Func<int, IntervalSample> sample, Func<Verdict, bool> reached)
    {
        for (var i = 0; i < 400; i++)
        {
            judge.Observe(sample(i));
            if (reached(judge.Assess()))
                return judge.Assess();
        }

        throw new InvalidOperationException($"Not reached: {judge.Assess()}");
    }
}
