using System.Collections.Concurrent;
using MeshCanary.Machinery.Faults;
using MeshCanary.Machinery.Metrics;
using MeshCanary.Machinery.Queueing;
using MeshCanary.Testing.Waiting;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;

namespace MeshCanary.Machinery.Tests.Harness;

/// <summary>A queue at work on a clock that a test moves, and what it told.</summary>
internal sealed class TestQueue : IFaultListener<string>, IAsyncDisposable
{
    private readonly CancellationTokenSource _abort = new();

    public TestQueue(Func<string, CancellationToken, Task<WorkResult>> work, WorkQueueOptions<string>? options = null)
    {
        Queue = new WorkQueue<string>(
            "test",
            (key, cancellation) =>
            {
                Begun.Enqueue(key);
                return work(key, cancellation);
            },
            (options ?? new()) with { Faults = this }, Time,
            new QueueMetrics(Prometheus.Metrics.WithCustomRegistry(Prometheus.Metrics.NewCustomRegistry())), NullLogger.Instance);
        Run = Queue.RunAsync(Stop.Token, _abort.Token);
    }

    public FakeTimeProvider Time { get; } = new();

    public WorkQueue<string> Queue { get; }

    public CancellationTokenSource Stop { get; } = new();

    public Task Run { get; private set; }

    /// <summary>Keys in the order in which work on them began.</summary>
    public ConcurrentQueue<string> Begun { get; } = new();

    /// <summary>What the listener was told.</summary>
    public ConcurrentQueue<string> Told { get; } = new();

    public void Abort() => _abort.Cancel();

    public void Quarantined(string key, Exception failure, int failures) => Told.Enqueue($"quarantined {key} {failures} {failure.GetType().Name}");

    public void Released(string key) => Told.Enqueue($"released {key}");

    public void Overdue(string key, TimeSpan elapsed) => Told.Enqueue($"overdue {key}");

    public Task WhenAsync(Func<bool> condition, string because) => Eventually.TrueAsync(
        condition, TimeSpan.FromSeconds(30), because, () => $"begun {string.Join(' ', Begun)}, told {string.Join(", ", Told)}", TestContext.Current.CancellationToken);

    public Task BeginsAsync(int count) => WhenAsync(() => Begun.Count >= count, $"work began {count} times");

    /// <summary>Moves the clock step by step until something is true, at most for a time.</summary>
    public async Task<TimeSpan> AdvanceUntilAsync(Func<bool> condition, TimeSpan step, TimeSpan most)
    {
        var start = Time.GetUtcNow();
        while (!condition())
        {
            Assert.True(Time.GetUtcNow() - start < most, $"It did not come within {most}: begun {string.Join(' ', Begun)}, told {string.Join(", ", Told)}");
            Time.Advance(step);
            await Task.Yield();
            // What the step set off runs on other threads; give it a moment, and the clock goes on if that was not enough.
            await Eventually.TrueAsync(condition, TimeSpan.FromMilliseconds(15), "it came", cancellation: TestContext.Current.CancellationToken)
                .ContinueWith(_ => { }, TaskScheduler.Default);
        }

        return Time.GetUtcNow() - start;
    }

    public async ValueTask DisposeAsync()
    {
        await Stop.CancelAsync();
        await _abort.CancelAsync();
        await Run.WaitAsync(TimeSpan.FromSeconds(30));
        Queue.Dispose();
    }
}
