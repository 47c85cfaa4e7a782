using System.Collections.Concurrent;
using CsCheck;
using MeshCanary.Machinery.Metrics;
using MeshCanary.Machinery.Pacing;
using MeshCanary.Machinery.Queueing;
using MeshCanary.Testing.Waiting;
using Microsoft.Extensions.Logging.Abstractions;

namespace MeshCanary.Machinery.Tests.Queueing;

public class WorkQueuePropertyTests
{
    private const int Keys = 7;

    [Fact]
    public async Task Keys_AddedFromManyThreads_AreNeverLostAndNeverWorkedOnTwiceAtATime()
    {
        await Gen.Select(Gen.Int[1, 5], Gen.Int[0, 40], Gen.Int[0, int.MaxValue]).SampleAsync(async (workers, failPercent, seed) =>
        {
            var asked = new int[Keys];
            var done = new int[Keys];
            var inside = new int[Keys];
            var faults = new ConcurrentQueue<string>();
            var random = new ConcurrentDictionary<int, Random>();
            using var queue = new WorkQueue<int>(
                "test",
                async (key, _) =>
                {
                    if (Interlocked.Increment(ref inside[key]) != 1)
                        faults.Enqueue($"two workers at {key}");
                    var seen = Volatile.Read(ref asked[key]);
                    await Task.Yield();
                    var chance = random.GetOrAdd(key, each => new Random(seed + each)).Next(100);
                    Interlocked.Decrement(ref inside[key]);
                    if (chance < failPercent)
                        throw new InvalidOperationException("chance");
                    Volatile.Write(ref done[key], seen);
                    return WorkResult.Done;
                },
                new()
                {
                    Workers = workers,
                    Backoff = new Backoff(TimeSpan.FromTicks(100), TimeSpan.FromMilliseconds(1)),
                    QuarantinePause = TimeSpan.FromMilliseconds(1),
                    QuarantineFloor = TimeSpan.Zero,
                },
                TimeProvider.System,
                new QueueMetrics(Prometheus.Metrics.WithCustomRegistry(Prometheus.Metrics.NewCustomRegistry())), NullLogger.Instance);

            using var stop = new CancellationTokenSource();
            var run = queue.RunAsync(stop.Token);
            await Task.WhenAll(Enumerable.Range(0, 3).Select(thread => Task.Run(() =>
            {
                var own = new Random(seed ^ thread);
                for (var i = 0; i < 60; i++)
                {
                    var key = own.Next(Keys);
                    Interlocked.Increment(ref asked[key]);
                    if (own.Next(4) == 0)
                        queue.AddAfter(key, TimeSpan.FromTicks(own.Next(5000)));
                    else
                        queue.Add(key);
                }
            })));

            // Every word that a key was asked for reaches a run that began after it.
            await Eventually.TrueAsync(
                () => Enumerable.Range(0, Keys).All(key => Volatile.Read(ref done[key]) == asked[key]), TimeSpan.FromSeconds(30), "all that was asked for is done",
                () => $"asked {string.Join(' ', asked)}, done {string.Join(' ', done)}");
            await stop.CancelAsync();
            await run;
            Assert.Empty(faults);
        }, iter: 60);
    }

    [Fact]
    public void Backoff_AnyNumberOfFailures_IsBetweenHalfAndWholeAndCapped() =>
        Gen.Select(Gen.Int[1, 10_000], Gen.Double[0, 0.999]).Sample((failures, chance) =>
        {
            var pause = new Backoff(TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(60)).After(failures, chance).TotalSeconds;
            var whole = Math.Min(Math.Pow(2, failures - 1), 60);
            return pause >= (whole / 2) - 1e-6 && pause <= whole + 1e-6;
        });
}
