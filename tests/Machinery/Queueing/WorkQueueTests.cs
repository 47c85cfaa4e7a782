using MeshCanary.Machinery.Calling;
using MeshCanary.Machinery.Pacing;
using MeshCanary.Machinery.Queueing;
using MeshCanary.Machinery.Tests.Harness;

namespace MeshCanary.Machinery.Tests.Queueing;

public class WorkQueueTests
{
    private static readonly TimeSpan Second = TimeSpan.FromSeconds(1);

    [Fact]
    public async Task Key_AddedWhileItIsWorkedOn_IsWorkedOnOnceMore()
    {
        var gate = new TaskCompletionSource();
        await using var queue = new TestQueue(async (_, _) =>
        {
            await gate.Task;
            return WorkResult.Done;
        });
        queue.Queue.Add("a");
        await queue.BeginsAsync(1);
        for (var i = 0; i < 5; i++)
            queue.Queue.Add("a");
        queue.Queue.Add("b");
        await queue.BeginsAsync(2);
        Assert.Equal(["a", "b"], queue.Begun);

        gate.SetResult();
        await queue.BeginsAsync(3);
        await queue.Stop.CancelAsync();
        await queue.Run;
        Assert.Equal(["a", "b", "a"], queue.Begun);
    }

    [Fact]
    public async Task AddAfter_SeveralTimes_IsWorkedOnAtTheEarliest()
    {
        await using var queue = new TestQueue((_, _) => Task.FromResult(WorkResult.Done));
        queue.Queue.AddAfter("a", 60 * Second);
        queue.Queue.AddAfter("a", 10 * Second);
        queue.Queue.AddAfter("a", 30 * Second);
        queue.Time.Advance(9.5 * Second);
        queue.Queue.Add("b");
        await queue.BeginsAsync(1);
        queue.Time.Advance(0.5 * Second);
        await queue.BeginsAsync(2);
        queue.Time.Advance(600 * Second);
        queue.Queue.Add("c");
        await queue.BeginsAsync(3);
        Assert.Equal(["b", "a", "c"], queue.Begun);
    }

    [Fact]
    public async Task Result_After_BringsTheKeyAgain()
    {
        await using var queue = new TestQueue((_, _) => Task.FromResult(WorkResult.After(10 * Second)));
        queue.Queue.Add("a");
        await queue.BeginsAsync(1);
        var waited = await queue.AdvanceUntilAsync(() => queue.Begun.Count == 2, Second, 60 * Second);
        Assert.True(waited >= 10 * Second, $"after {waited}");
    }

    [Fact]
    public async Task Failures_OfAKey_GrowItsPausesThenQuarantineItAndASuccessReleasesIt()
    {
        var broken = true;
        await using var queue = new TestQueue(
            (key, _) => broken && key == "bad" ? throw new InvalidOperationException("no") : Task.FromResult(WorkResult.Done),
            new() { FailuresToQuarantine = 3, Backoff = new Backoff(2 * Second, 60 * Second), QuarantinePause = 300 * Second });
        queue.Queue.Add("bad");
        queue.Queue.Add("good");
        await queue.BeginsAsync(2);
        var first = await queue.AdvanceUntilAsync(() => queue.Begun.Count == 3, Second / 4, 60 * Second);
        var second = await queue.AdvanceUntilAsync(() => queue.Begun.Count == 4, Second / 4, 60 * Second);
        Assert.True(first >= Second && second >= 2 * Second, $"{first}, {second}");
        await queue.WhenAsync(() => queue.Told.Count == 1, "the quarantine is told");
        Assert.Equal(["quarantined bad 3 InvalidOperationException"], queue.Told);

        var slow = await queue.AdvanceUntilAsync(() => queue.Begun.Count == 5, 5 * Second, 600 * Second);
        Assert.True(slow >= 200 * Second, $"{slow}");
        await queue.WhenAsync(() => queue.Told.Count == 2, "it failed again");

        // A person repairs it: that need not wait for the slow pause.
        broken = false;
        queue.Queue.Add("bad");
        var repaired = await queue.AdvanceUntilAsync(() => queue.Begun.Count == 6, Second, 60 * Second);
        Assert.True(repaired <= 30 * Second, $"{repaired}");
        await queue.WhenAsync(() => queue.Told.Contains("released bad"), "the release is told");
    }

    [Fact]
    public async Task Failures_OfTheServer_NeverQuarantine()
    {
        await using var queue = new TestQueue(
            (_, _) => throw new ApiException(ApiErrorKind.ServerAway, "get x", "no answer"),
            new() { FailuresToQuarantine = 2, Backoff = new Backoff(Second, 4 * Second) });
        queue.Queue.Add("a");
        await queue.AdvanceUntilAsync(() => queue.Begun.Count == 8, Second, 600 * Second);
        Assert.Empty(queue.Told);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Handler_ThatHangs_IsCancelledAndHoldsUpItsKeyOnly(bool listens)
    {
        var end = new TaskCompletionSource();
        var hung = true;
        await using var queue = new TestQueue(
            async (key, cancellation) =>
            {
                if (key == "hung" && hung)
                    await (listens ? end.Task.WaitAsync(cancellation) : end.Task);
                return WorkResult.Done;
            },
            new() { Workers = 1, Deadline = 60 * Second, Grace = 5 * Second, Backoff = new Backoff(Second, Second) });
        queue.Queue.Add("hung");
        await queue.BeginsAsync(1);
        queue.Queue.Add("other");
        await queue.AdvanceUntilAsync(() => queue.Begun.Contains("other"), Second, 120 * Second);
        Assert.Equal(["overdue hung"], queue.Told);

        hung = false;
        if (!listens)
        {
            // Its key waits for its end, whoever adds it.
            queue.Queue.Add("hung");
            queue.Queue.Add("third");
            await queue.WhenAsync(() => queue.Begun.Contains("third"), "the others go on");
            Assert.Single(queue.Begun, "hung");
            end.SetResult();
        }

        await queue.AdvanceUntilAsync(() => queue.Begun.Count(key => key == "hung") == 2, Second, 60 * Second);
    }

    [Fact]
    public async Task Rate_BeyondTheBurst_IsSpreadOverTime()
    {
        await using var queue = new TestQueue((_, _) => Task.FromResult(WorkResult.Done), new() { Workers = 100, PerSecond = 2, Burst = 5 });
        for (var i = 0; i < 9; i++)
            queue.Queue.Add($"{i}");
        await queue.BeginsAsync(5);
        Assert.Equal(5, queue.Begun.Count);
        var waited = await queue.AdvanceUntilAsync(() => queue.Begun.Count == 9, Second / 2, 60 * Second);
        Assert.True(waited >= 2 * Second, $"{waited}");
    }

    [Fact]
    public async Task Stop_WhileKeysAreWorkedOn_WaitsForThemAndKeepsTheRest()
    {
        var gate = new TaskCompletionSource();
        await using var queue = new TestQueue(
            async (_, _) =>
            {
                await gate.Task;
                return WorkResult.Done;
            },
            new() { Workers = 1 });
        queue.Queue.Add("a");
        queue.Queue.Add("b");
        await queue.BeginsAsync(1);
        await queue.Stop.CancelAsync();
        Assert.False(queue.Run.IsCompleted);
        gate.SetResult();
        await queue.Run;
        Assert.Equal(["a"], queue.Begun);

        using var stop = new CancellationTokenSource();
        var again = queue.Queue.RunAsync(stop.Token);
        await queue.BeginsAsync(2);
        await stop.CancelAsync();
        await again;
        Assert.Equal(["a", "b"], queue.Begun);
    }

    [Fact]
    public async Task Abort_WhileAKeyIsWorkedOn_CancelsItAndKeepsIt()
    {
        await using var queue = new TestQueue(async (_, cancellation) =>
        {
            await Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, cancellation);
            return WorkResult.Done;
        });
        queue.Queue.Add("a");
        await queue.BeginsAsync(1);
        queue.Abort();
        await queue.Run;

        using var stop = new CancellationTokenSource();
        using var abort = new CancellationTokenSource();
        var again = queue.Queue.RunAsync(stop.Token, abort.Token);
        await queue.BeginsAsync(2);
        Assert.Empty(queue.Told);
        await abort.CancelAsync();
        await again;
    }
}
