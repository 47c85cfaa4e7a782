using CsCheck;
using MeshCanary.Machinery.Leading;
using MeshCanary.Machinery.Resources;
using MeshCanary.Testing.Waiting;
using Microsoft.Extensions.Time.Testing;

namespace MeshCanary.Machinery.Tests.Leading;

public class LeaderElectionTests
{
    private static readonly TimeSpan Step = TimeSpan.FromMilliseconds(250);
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(60);

    [Fact]
    public async Task Contenders_WithAnyClocksAndNetwork_NeverLeadTwoAtATime()
    {
        var terms = 0;
        await Gen.Select(Gen.Int[2, 4], Gen.Double[0, 0.4], Gen.Double[0, 3], Gen.Int[0, int.MaxValue]).SampleAsync(async (count, loss, latency, seed) =>
        {
            var random = new Random(seed);
            var real = new FakeTimeProvider();
            var lease = new MemoryLease(real, seed, loss, TimeSpan.FromSeconds(latency));
            Contender[] contenders =
            [
                .. Enumerable.Range(0, count).Select(i => new Contender(
                    lease, new SkewedTime(real, TimeSpan.FromHours((random.NextDouble() * 48) - 24), 0.9 + (random.NextDouble() * 0.2)), $"c{i}")),
            ];
            for (var step = 0; step < 400; step++)
            {
                if (random.Next(40) == 0)
                    contenders[random.Next(count)].IsCutOff ^= true;
                if (random.Next(200) == 0)
                    lease.IsAway ^= true;
                real.Advance(Step);
                await SettleAsync();
                foreach (var (a, b) in contenders.SelectMany(a => contenders.Where(b => b != a), (a, b) => (a, b)))
                {
                    // The first is asked again, since the clock stands but the threads do not.
                    Assert.False(
                        a.Election.IsLeading && b.Election.IsLeading && a.Election.IsLeading,
                        $"two lead at {real.GetUtcNow():mm:ss.fff}: {a.Election.Identity}, {b.Election.Identity}");
                }
            }

            Interlocked.Add(ref terms, contenders.Sum(each => each.Terms));
            foreach (var each in contenders)
                await each.DisposeAsync();
        }, iter: 25, threads: 1);

        // A world in which nobody ever led would prove nothing.
        Assert.True(terms > 25, $"{terms} terms");
    }

    [Fact]
    public async Task Leader_ThatIsCutOff_StopsBeforeAnotherTakesOver()
    {
        var time = new FakeTimeProvider();
        var lease = new MemoryLease(time, 1, 0, TimeSpan.Zero);
        await using var first = new Contender(lease, time, "first");
        await UntilAsync(time, () => first.Election.IsLeading);
        await using var second = new Contender(lease, time, "second");
        await Eventually.TrueAsync(
            () => second.Election.Leader is { Address: "http://first", IsSelf: false }, Deadline, "the second sees the first", cancellation: TestContext.Current.CancellationToken);

        first.IsCutOff = true;
        var stopped = await UntilAsync(time, () => !first.Election.IsLeading);
        Assert.True(stopped <= TimeSpan.FromSeconds(10.5), $"it stopped after {stopped}");
        var taken = await UntilAsync(time, () => second.Election.IsLeading);
        Assert.True(taken >= TimeSpan.FromSeconds(2), $"taken over after {taken} more");
        Assert.Equal(1, lease.Record!.Transitions);

        first.IsCutOff = false;
        await UntilAsync(time, () => first.Election.Leader is { Address: "http://second", Transitions: 1 });
        Assert.False(first.Election.IsLeading);
    }

    [Fact]
    public async Task Leader_ThroughAShortOutage_GoesOnInTheSameTerm()
    {
        var time = new FakeTimeProvider();
        var sleeps = new SleepCounting(time);
        var lease = new MemoryLease(time, 1, 0, TimeSpan.Zero);
        await using var first = new Contender(lease, sleeps, "first");
        var cycles = 0;
        for (; cycles < 10; cycles++)
        {
            // Between its looks at the lease; the outage takes two of them, and the term has room for that.
            await Eventually.TrueAsync(
                () => sleeps.Count > cycles, TimeSpan.FromSeconds(30), "it sleeps until its next look", cancellation: TestContext.Current.CancellationToken);
            Assert.True(first.Election.IsLeading, $"after {cycles} looks");
            lease.IsAway = cycles is 3 or 4;
            time.Advance(TimeSpan.FromSeconds(2.4));
        }

        Assert.Equal(1, first.Terms);
    }

    [Fact]
    public async Task Renewal_AfterTheTermIsOver_BeginsAnotherTerm()
    {
        var time = new FakeTimeProvider();
        var lease = new MemoryLease(time, 1, 0, TimeSpan.Zero);
        // What ends a term by itself is late. Somebody else may have led meanwhile and gone: what this one knows may be old.
        await using var first = new Contender(lease, new LateTimers(time), "first");
        await UntilAsync(time, () => first.Election.IsLeading);
        lease.IsAway = true;
        await UntilAsync(time, () => !first.Election.IsLeading);
        lease.IsAway = false;
        await UntilAsync(time, () => first.Election.IsLeading);
        Assert.Equal(2, first.Terms);
    }

    [Fact]
    public async Task Leader_ThatStops_HandsOverAtOnceAndOnlyAfterItsWorkEnded()
    {
        var time = new FakeTimeProvider();
        var lease = new MemoryLease(time, 1, 0, TimeSpan.Zero);
        var end = new TaskCompletionSource();
        await using var first = new Contender(lease, time, "first", async term =>
        {
            await Task.Delay(Timeout.InfiniteTimeSpan, time, term).ContinueWith(_ => { }, TaskScheduler.Default);
            await end.Task;
        });
        await UntilAsync(time, () => first.Election.IsLeading);
        await using var second = new Contender(lease, time, "second");
        await UntilAsync(time, () => second.Election.Leader is not null);

        var stopped = first.StopAsync();
        await UntilAsync(time, () => !first.Election.IsLeading);
        Assert.Equal(first.Election.Identity, lease.Record!.Holder);
        end.SetResult();
        await stopped.WaitAsync(TimeSpan.FromSeconds(30), TestContext.Current.CancellationToken);
        Assert.Equal("", lease.Record!.Holder);
        await UntilAsync(time, () => second.Election.IsLeading);
    }

    [Fact]
    public async Task Work_ThatThrows_GivesTheLeaseBackAndStandsAgain()
    {
        var time = new FakeTimeProvider();
        var lease = new MemoryLease(time, 1, 0, TimeSpan.Zero);
        await using var only = new Contender(lease, time, "only", _ => throw new InvalidOperationException("no"));
        await UntilAsync(time, () => only.Terms >= 3);
    }

    [Fact]
    public async Task Lease_ThatSomebodyDeletes_IsNotTakenWhileItsHolderMayAct()
    {
        var time = new FakeTimeProvider();
        var lease = new MemoryLease(time, 1, 0, TimeSpan.Zero);
        await using var first = new Contender(lease, time, "first");
        await UntilAsync(time, () => first.Election.IsLeading);
        await using var second = new Contender(lease, time, "second");
        await UntilAsync(time, () => second.Election.Leader is not null);
        first.IsCutOff = true;
        lease.Delete();
        while (!second.Election.IsLeading)
        {
            await AdvanceAsync(time);
            Assert.False(first.Election.IsLeading && second.Election.IsLeading && first.Election.IsLeading);
        }
    }

    [Theory]
    [InlineData(10, 10, 2)]
    [InlineData(15, 3, 2)]
    public void Durations_ThatDoNotFit_AreRefused(int lease, int deadline, int retry) =>
        Assert.Throws<ArgumentException>(() => new LeaderOptions(new ObjectKey("a", "b"), "x")
        {
            LeaseDuration = TimeSpan.FromSeconds(lease),
            RenewDeadline = TimeSpan.FromSeconds(deadline),
            RetryPeriod = TimeSpan.FromSeconds(retry),
        }.Validate());

    private static async Task<TimeSpan> UntilAsync(FakeTimeProvider time, Func<bool> condition)
    {
        var (start, began) = (time.GetUtcNow(), TimeProvider.System.GetTimestamp());
        while (!condition())
        {
            Assert.True(TimeProvider.System.GetElapsedTime(began) < Deadline, "It did not come about.");
            await AdvanceAsync(time);
        }

        return time.GetUtcNow() - start;
    }

    // No faster than the pool's threads get a processor: a clock that runs away from them ends every lease.
    private static async Task AdvanceAsync(FakeTimeProvider time)
    {
        time.Advance(Step);
        await SettleAsync();
        await Task.Delay(TimeSpan.FromMilliseconds(2), TimeProvider.System, TestContext.Current.CancellationToken);
    }

    // Lets what a step set off run on the pool's threads. When that was not enough, the process was slow, which must be safe too.
    private static async Task SettleAsync()
    {
        for (var i = 0; i < 30; i++)
            await Task.Yield();
    }
}
