using MeshCanary.Machinery.Leading;
using MeshCanary.Machinery.Metrics;
using MeshCanary.Machinery.Resources;
using Microsoft.Extensions.Logging.Abstractions;

namespace MeshCanary.Machinery.Tests.Leading;

/// <summary>A process that stands for election; its work is to wait for the end of its term.</summary>
internal sealed class Contender : IAsyncDisposable
{
    private readonly CancellationTokenSource _stop = new();
    private readonly Task _run;
    private int _terms;

    public Contender(MemoryLease lease, TimeProvider time, string name, Func<CancellationToken, Task>? work = null)
    {
        var options = new LeaderOptions(new ObjectKey("meshcanary", "controller"), name) { Address = $"http://{name}" };
        Election = new LeaderElection(
            lease.Connect(() => IsCutOff), options, time,
            new LeaderMetrics(Prometheus.Metrics.WithCustomRegistry(Prometheus.Metrics.NewCustomRegistry())), NullLogger.Instance);
        _run = Election.RunAsync(
            async term =>
            {
                Interlocked.Increment(ref _terms);
                await (work?.Invoke(term) ?? Task.Delay(Timeout.InfiniteTimeSpan, time, term));
            },
            _stop.Token);
    }

    public LeaderElection Election { get; }

    public int Terms => Volatile.Read(ref _terms);

    public bool IsCutOff { get; set; }

    public Task StopAsync()
    {
        _stop.Cancel();
        return _run;
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        _stop.Dispose();
    }
}
