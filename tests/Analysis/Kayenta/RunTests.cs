using MeshCanary.Analysis.Kayenta;

namespace MeshCanary.Analysis.Tests.Kayenta;

public sealed class RunTests
{
    private static readonly DateTimeOffset Start = new(2018, 12, 17, 20, 56, 39, TimeSpan.Zero);

    [Theory]
    [InlineData(180, 60, 3)]
    [InlineData(180, 50, 3)]
    [InlineData(59, 60, 1)]
    [InlineData(60, null, 1)]
    [InlineData(60, 0, 1)]
    [InlineData(60, 7, 8)]
    public void Judgements_LifetimeAndInterval_AreWhole(int lifetime, int? interval, int judgements) =>
        Assert.Equal(judgements, Schedule(lifetime, interval).Judgements);

    [Theory]
    [InlineData(0, 0, false, 0)]
    [InlineData(4, 0, false, 4)]
    [InlineData(4, 0, true, 0)]
    public void Window_WithoutLookBack_GrowsFromTheStart(int after, int offset, bool endIsGiven, int from)
    {
        var schedule = Schedule(15, 3) with { BeginAfter = TimeSpan.FromMinutes(after), ControlOffset = TimeSpan.FromMinutes(offset), EndIsGiven = endIsGiven };
        for (var number = 1; number <= 5; number++)
        {
            var window = schedule.Window(number, Start);
            Assert.Equal((Start.AddMinutes(from), Start.AddMinutes(from + (3 * number))), (window.Start, window.End));
            Assert.Equal((window.Start, window.End), (window.ControlStart, window.ControlEnd));
        }
    }

    [Fact]
    public void Window_WithLookBackAndOffset_SlidesAndShiftsTheBaseline()
    {
        var schedule = Schedule(25, 5) with { LookBack = TimeSpan.FromMinutes(5), ControlOffset = TimeSpan.FromMinutes(60) };
        for (var number = 1; number <= 5; number++)
        {
            var window = schedule.Window(number, Start);
            Assert.Equal((Start.AddMinutes((number - 1) * 5), Start.AddMinutes(number * 5)), (window.Start, window.End));
            Assert.Equal((window.Start.AddMinutes(-60), window.End.AddMinutes(-60)), (window.ControlStart, window.ControlEnd));
        }

        Assert.Throws<ArgumentOutOfRangeException>(() => schedule.Window(0, Start));
        Assert.Throws<ArgumentOutOfRangeException>(() => schedule.Window(6, Start));
    }

    [Fact]
    public void Validate_ImpossibleTimes_AreNamed() =>
        Assert.Equal(
            ["Lifetime", "Interval", "BeginAfter", "LookBack"],
            (Schedule(0, -1) with { BeginAfter = TimeSpan.FromMinutes(-1), LookBack = TimeSpan.FromMinutes(-1) }).Validate().Select(problem => problem.Setting));

    // The first five are Kayenta's own; then its edges.
    [Theory]
    [InlineData(95, null, null, true, true)]
    [InlineData(60, 75.0, 95.0, false, false)]
    [InlineData(85, 75.0, null, true, true)]
    [InlineData(85, 75.0, 95.0, false, false)]
    [InlineData(97, 75.0, 95.0, true, true)]
    [InlineData(95, 75.0, 95.0, true, true)]
    [InlineData(75, 75.0, null, false, true)]
    [InlineData(95, 95.0, 95.0, false, true)]
    [InlineData(0, null, null, true, true)]
    public void Decision_LastScore_FollowsTheThresholds(double score, double? marginal, double? pass, bool first, bool second)
    {
        Assert.Equal(first, Decide(KayentaVersion.V1, pass, marginal, 1, score).Passed);
        Assert.Equal(second, Decide(KayentaVersion.V2, pass, marginal, 1, score).Passed);
    }

    [Fact]
    public void Decision_ScoreOnTheMarginalThreshold_EndsTheFirstVersionOnly()
    {
        Assert.Equal((true, false), Stands(KayentaVersion.V1, 75));
        Assert.Equal((false, null), Stands(KayentaVersion.V1, 75.01));
        Assert.Equal((false, null), Stands(KayentaVersion.V2, 75));
        Assert.Equal((true, false), Stands(KayentaVersion.V2, 74.99));
    }

    [Fact]
    public void Decision_JudgementsWithoutVerdict_NeverEndEarlyAndLeaveTheEndOpen()
    {
        Assert.Equal((false, null), Stands(KayentaVersion.V2, null, null));
        Assert.Equal((true, null), Stands(KayentaVersion.V2, 100, null, null));
        Assert.Equal((true, true), Stands(KayentaVersion.V2, null, null, 100));
        var over = new KayentaRun(KayentaVersion.V2, 95, 75, 1);
        over.Add(100);
        Assert.Throws<InvalidOperationException>(() => over.Add(100));
        Assert.Throws<ArgumentOutOfRangeException>(() => new KayentaRun(KayentaVersion.V2, 95, 75, 0));
    }

    private static (bool, bool?) Stands(KayentaVersion version, params double?[] scores)
    {
        var decision = Decide(version, 95, 75, 3, scores);
        return (decision.IsOver, decision.Passed);
    }

    private static KayentaDecision Decide(KayentaVersion version, double? pass, double? marginal, int judgements, params double?[] scores)
    {
        var run = new KayentaRun(version, pass, marginal, judgements);
        foreach (var score in scores)
            run.Add(score);
        Assert.Equal(scores, run.Scores);
        return run.Decision;
    }

    private static KayentaSchedule Schedule(int lifetime, int? interval) => new()
    {
        Lifetime = TimeSpan.FromMinutes(lifetime),
        Interval = interval is { } minutes ? TimeSpan.FromMinutes(minutes) : null,
    };
}
