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
}
