using System.Collections.Immutable;
using MeshCanary.Analysis.Explaining;
using MeshCanary.Analysis.Judging;
using MeshCanary.Analysis.Tests.Simulation;

namespace MeshCanary.Analysis.Tests.Explaining;

public sealed class VerdictExplanationTests
{
    private static readonly AnalysisSettings Settings = Traffic.Independent;

    [Fact]
    public void OfAFail_NamesTheCulpritTheEffectTheEvidenceAndThatItStays()
    {
        var traffic = new Traffic(1) { Canary = new ArmModel(0.03) };
        var (verdict, text) = Judged(traffic, 60);
        Assert.Equal(VerdictKind.Fail, verdict.Kind);
        Assert.Equal(verdict.Reason, text[0]);
        Assert.Contains(FormattableString.Invariant($"Compared are {verdict.CanaryRequests:N0} requests of the canary"), text[1], StringComparison.Ordinal);
        var errors = Assert.Single(text, sentence => sentence.StartsWith("errors: ", StringComparison.Ordinal) && sentence.Contains("interval that holds at any time", StringComparison.Ordinal));
        Assert.Contains("enough to name it as a culprit", errors, StringComparison.Ordinal);
        Assert.Contains(text, sentence => sentence.Contains("not taken back", StringComparison.Ordinal));
        Assert.DoesNotContain(text, sentence => sentence.Contains("would be found", StringComparison.Ordinal));
    }

    [Fact]
    public void OfNotEnoughData_SaysWhatIsOpenWhenItPassesAndWhatWouldBeFound()
    {
        var (verdict, text) = Judged(new Traffic(2, perInterval: 200), 2);
        Assert.Equal(VerdictKind.NotEnoughData, verdict.Kind);
        Assert.Contains(text, sentence => sentence.StartsWith("It becomes a Pass when errors, latencyP50", StringComparison.Ordinal) && sentence.Contains("in about", StringComparison.Ordinal) && sentence.Contains("reaches 4.6", StringComparison.Ordinal));
        Assert.Contains(text, sentence => sentence.Contains("canary requests/s an error rate of", StringComparison.Ordinal) && sentence.Contains("would be found within 10 min", StringComparison.Ordinal));
        Assert.Contains(text, sentence => sentence.StartsWith("latencyP99: ", StringComparison.Ordinal) && sentence.Contains(" ms against ", StringComparison.Ordinal) && sentence.Contains(" is tolerated, which ", StringComparison.Ordinal));
    }

    [Fact]
    public void OfAPass_SaysThatItIsWatchedOn()
    {
        var (verdict, text) = Judged(new Traffic(3), 60);
        Assert.Equal(VerdictKind.Pass, verdict.Kind);
        Assert.Contains(text, sentence => sentence.StartsWith("It goes on being watched", StringComparison.Ordinal));
    }

    [Fact]
    public void OfNothing_SaysThatNothingIsCompared()
    {
        var judge = new CanaryJudge(Settings);
        var text = VerdictExplanation.Of(judge.Assess(), Settings);
        Assert.Contains(text, sentence => sentence.StartsWith("Nothing is compared yet", StringComparison.Ordinal));
        Assert.Contains("errors: nothing is compared yet.", text);
    }

    [Fact]
    public void OfABlownGuard_SaysWhatUnblowsIt()
    {
        var settings = Settings with { Guards = [new Guard { Metric = "errorRate", Max = 0.05 }] };
        var judge = new CanaryJudge(settings);
        for (var i = 0; i < 2; i++)
            judge.Warm(Traffic.Interval(i, Traffic.Arm(0, 100), Traffic.Arm(50, 50)));
        var text = VerdictExplanation.Of(judge.Assess(), settings);
        Assert.StartsWith("Guard breached: errorRate", text[0], StringComparison.Ordinal);
        Assert.Contains(text, sentence => sentence.StartsWith("A blown guard stays blown", StringComparison.Ordinal));
    }

    [Fact]
    public void OfABrokenSplit_SaysThatNothingCounts()
    {
        var judge = new CanaryJudge(Settings);
        judge.Observe(Traffic.Interval(0, Traffic.Arm(0, 1000), Traffic.Arm(0, 1000), weight: 1000));
        var text = VerdictExplanation.Of(judge.Assess(), Settings);
        Assert.Contains(text, sentence => sentence.StartsWith("No request counted so far can be trusted", StringComparison.Ordinal));
    }

    [Fact]
    public void OfUnknownNoise_TellsTheCaveatAndTheDivisor()
    {
        var judge = new CanaryJudge(new AnalysisSettings());
        var traffic = new Traffic(4);
        for (var i = 0; i < 6; i++)
            judge.Warm(traffic.Next());
        judge.Observe(traffic.Next());
        var verdict = judge.Assess();
        var text = VerdictExplanation.Of(verdict, new AnalysisSettings());
        Assert.NotEmpty(verdict.Caveats);
        Assert.All(verdict.Caveats, caveat => Assert.Contains(caveat, text));
        Assert.Contains(text, sentence => sentence.Contains("own noise, 4.0", StringComparison.Ordinal));
    }

    [Fact]
    public void OfAnyRun_SentencesAreWholeAndHoldNoBrokenNumber()
    {
        foreach (var seed in Enumerable.Range(0, 30))
        {
            var random = new Random(seed);
            var traffic = new Traffic(seed, perInterval: random.Next(1, 3000), canaryWeight: random.Next(1, 9999)) { Canary = new ArmModel(random.NextDouble() * 0.1, 1 + (random.NextDouble() * 0.3)) };
            var judge = new CanaryJudge(Settings);
            for (var i = 0; i < 20; i++)
            {
                if (i < 3)
                    judge.Warm(traffic.Next());
                else
                    judge.Observe(traffic.Next());
                var text = VerdictExplanation.Of(judge.Assess(), Settings);
                Assert.All(text, sentence =>
                {
                    Assert.EndsWith(".", sentence, StringComparison.Ordinal);
                    Assert.DoesNotContain("NaN", sentence, StringComparison.Ordinal);
                    Assert.DoesNotContain("∞", sentence, StringComparison.Ordinal);
                    Assert.DoesNotContain("-0.0 ", sentence, StringComparison.Ordinal);
                });
            }
        }
    }

    private static (Verdict Verdict, ImmutableArray<string> Text) Judged(Traffic traffic, int intervals)
    {
        var verdict = traffic.Run(new CanaryJudge(Settings), intervals);
        return (verdict, VerdictExplanation.Of(verdict, Settings));
    }
}
