using System.Collections.Concurrent;
using MeshCanary.Testing.Waiting;

namespace MeshCanary.Testing.Exchanges;

/// <summary>Workers that each repeat one kind of request, one at a time, with a short pause. Counts every reply and keeps what went wrong.</summary>
public sealed class SteadyLoad : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private readonly CancellationTokenSource _stop = new();
    private readonly ConcurrentDictionary<Reply, long> _replies = new();
    private readonly ConcurrentQueue<string> _failures = new();
    private readonly Worker[] _workers;
    private readonly TimeSpan _pause;
    private readonly Action<Reply>? _seen;

    /// <param name="pause">Pause of a worker between two requests.</param>
    /// <param name="kinds">What each worker does; it gets the number of its request, from 0.</param>
    /// <param name="seen">Called with every reply, from any thread.</param>
    public SteadyLoad(TimeSpan pause, IEnumerable<Func<int, Task<Reply>>> kinds, Action<Reply>? seen = null)
    {
        (_pause, _seen) = (pause, seen);
        _workers = [.. kinds.Select(kind => new Worker(kind))];
        foreach (var worker in _workers)
            worker.Running = Task.Run(() => WorkAsync(worker));
    }

    /// <summary>Requests that were begun.</summary>
    public long Begun => _workers.Sum(worker => Volatile.Read(ref worker.Begun));

    /// <summary>Requests that each worker began.</summary>
    public IReadOnlyList<int> BegunOfEach => [.. _workers.Select(worker => Volatile.Read(ref worker.Begun))];

    /// <summary>Requests whose answers were right.</summary>
    public long Answered => _replies.Values.Sum();

    /// <summary>What went wrong.</summary>
    public IReadOnlyCollection<string> Failures => [.. _failures];

    /// <summary>Replies of each kind so far.</summary>
    public IReadOnlyDictionary<Reply, long> Replies => _replies.ToDictionary();

    /// <summary>Counts a reply that was gotten otherwise.</summary>
    public void Add(Reply reply) => _replies.AddOrUpdate(reply, 1, (_, before) => before + 1);

    /// <summary>Waits until every request that is under way now has ended: what begins later was chosen an endpoint for later.</summary>
    public async Task PassedAsync(CancellationToken cancellation = default)
    {
        var begun = _workers.Select(worker => Volatile.Read(ref worker.Begun)).ToArray();
        await Eventually.TrueAsync(
            () => _workers.Zip(begun).All(pair => Volatile.Read(ref pair.First.Ended) >= pair.Second),
            Patience, "the requests that were under way have ended", () => string.Join('\n', Failures.Take(5)), cancellation);
    }

    /// <summary>Waits until so many more requests of every worker have ended.</summary>
    public async Task MoreAsync(int each, CancellationToken cancellation = default)
    {
        var before = _workers.Select(worker => Volatile.Read(ref worker.Ended)).ToArray();
        await Eventually.TrueAsync(
            () => _workers.Zip(before).All(pair => Volatile.Read(ref pair.First.Ended) >= pair.Second + each),
            Patience, $"every worker has ended {each} more requests", () => string.Join('\n', Failures.Take(5)), cancellation);
    }

    /// <summary>Begins no more requests and waits for those under way.</summary>
    public async Task StopAsync()
    {
        await _stop.CancelAsync();
        await Task.WhenAll(_workers.Select(worker => worker.Running));
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await StopAsync();
        _stop.Dispose();
    }

    private async Task WorkAsync(Worker worker)
    {
        while (!_stop.IsCancellationRequested)
        {
            var number = Volatile.Read(ref worker.Begun);
            Volatile.Write(ref worker.Begun, number + 1);
            try
            {
                var reply = await worker.Kind(number);
                Add(reply);
                _seen?.Invoke(reply);
            }
#pragma warning disable CA1031 // Whatever it is, the request has failed, and the load goes on.
            catch (Exception failure)
#pragma warning restore CA1031
            {
                _failures.Enqueue($"{TimeProvider.System.GetUtcNow():HH:mm:ss.fff}: {failure.Message} {failure.InnerException?.Message}");
            }

            Volatile.Write(ref worker.Ended, number + 1);
            await Task.Delay(_pause, TimeProvider.System, _stop.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private sealed class Worker(Func<int, Task<Reply>> kind)
    {
        public int Begun;
        public int Ended;

        public Func<int, Task<Reply>> Kind { get; } = kind;

        public Task Running { get; set; } = Task.CompletedTask;
    }
}
