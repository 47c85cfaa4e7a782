using MeshCanary.Cli.Client;
using MeshCanary.Cli.Rendering;
using MeshCanary.Cli.Tests.Harness;

namespace MeshCanary.Cli.Tests.Rendering;

public sealed class ProgressLogTests
{
    private static readonly TimeSpan Pace = TimeSpan.FromSeconds(10);

    [Fact]
    public void Log_OfAFrame_ReadsAsWritten()
    {
        var log = new ProgressLog(Views.Now.AddSeconds(-42), Pace);
        var text = string.Join('\n', log.Lines(new Frame(Views.Progressing, [Views.Log[1]]), Views.Now));
        Assert.Equal(
            """
             0:30 * Step 2 of 3: 25% of the traffic for v2.
             time phase             weight in %             stable v1             canary v2
                                  want/ack/seen  req/s  errors    p99  req/s  errors    p99
             0:42 progressing 2/3   25/25/24.61    225   0.44% 102 ms     75   2.67% 102 ms
                  errors        harm #.............   9%   safe ############..  83%
                  latency p50   harm ..............   0%   safe ############## 100%
                  latency p99   harm ..............   0%   safe #########.....  61%
                  score 71, not enough data yet: Latency p99 is not proven harmless yet: 61
                  of 100 % of the evidence.
            """,
            text);
    }

    [Fact]
    public void Log_OfFramesThatSayTheSame_KeepsQuietUntilThePaceIsOver()
    {
        var log = new ProgressLog(Views.Now, Pace);
        var frame = new Frame(Views.Progressing, []);
        Assert.NotEmpty(log.Lines(frame, Views.Now));
        Assert.Empty(log.Lines(frame, Views.Now.AddSeconds(9)));
        Assert.NotEmpty(log.Lines(frame, Views.Now.AddSeconds(10)));
    }

    [Fact]
    public void Log_OfANewStep_DoesNotWaitForThePace()
    {
        var log = new ProgressLog(Views.Now, Pace);
        Assert.NotEmpty(log.Lines(new Frame(Views.Stable, []), Views.Now));
        Assert.NotEmpty(log.Lines(new Frame(Views.Progressing, []), Views.Now.AddSeconds(1)));
    }

    [Fact]
    public void Log_OfLongMessages_StaysWithinEightyColumns()
    {
        var log = new ProgressLog(Views.Now, Pace);
        var entry = Views.Log[0] with { Message = string.Join(' ', Enumerable.Repeat("evidence", 60)) };
        Assert.All(log.Lines(new Frame(Views.Progressing, [entry]), Views.Now), line => Assert.InRange(line.Length, 1, 80));
    }

    [Fact]
    public void Log_OfAProblem_TellsItAtOnceAndOnce()
    {
        var log = new ProgressLog(Views.Now, Pace);
        Assert.NotEmpty(log.Lines(new Frame(Views.Progressing, []), Views.Now));
        var broken = new Frame(Views.Progressing with { Problem = "disk full" }, []);
        Assert.Equal([" 0:01 ! PROBLEM: disk full (the figures are from before)"], log.Lines(broken, Views.Now.AddSeconds(1)));
        Assert.Empty(log.Lines(broken, Views.Now.AddSeconds(2)));
    }

    [Fact]
    public void Log_WhileItWarmsUpAndAfterAFailure_SaysSo()
    {
        var log = new ProgressLog(Views.Now, Pace);
        var warming = Views.Progressing with { Run = Views.Progressing.Run! with { WarmupUntil = Views.Now.AddSeconds(20) } };
        Assert.Contains(log.Lines(new Frame(warming, []), Views.Now), line => line.Contains("not enough data yet: warming up until 12:01:02 UTC", StringComparison.Ordinal));
        var failed = Views.Ended(Rollouts.States.Phase.Failed, Rollouts.States.RunOutcome.RolledBack, Views.V1);
        Assert.Contains(log.Lines(new Frame(failed, []), Views.Now), line => line.EndsWith("stable v1             failed v2", StringComparison.Ordinal));
    }
}
