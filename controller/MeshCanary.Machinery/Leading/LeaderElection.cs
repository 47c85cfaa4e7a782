using MeshCanary.Machinery.Metrics;
using Microsoft.Extensions.Logging;

namespace MeshCanary.Machinery.Leading;

/// <summary>
/// Lets one of several processes lead. The leader acts only until <see cref="LeaderOptions.RenewDeadline"/> after it began its last
/// successful renewal, by its own monotonic clock; the others take over only when they saw no renewal for the whole lease, by theirs.
/// Clocks on the wall do not matter; clocks that run at rates apart by more than the two durations' ratio, or a machine that sleeps while
/// its monotonic clock stands, do: writes that must never come from two leaders need a version check of their own. Thread-safe.
/// </summary>
public sealed partial class LeaderElection
{
    private readonly ILeaseStore _store;
    private readonly LeaderOptions _options;
    private readonly TimeProvider _time;
    private readonly LeaderMetrics _metrics;
    private readonly ILogger _logger;
    private readonly string _lease;

    // The last version that was seen, and when: another leader is given up by the time that passes here.
    private LeaseRecord? _record;
    private long _recordSeen;
    private long _leadUntil = long.MinValue;

    /// <summary>Prepares an election.</summary>
    /// <param name="cluster">The cluster.</param>
    /// <param name="options">Over what, and how.</param>
    /// <exception cref="ArgumentException">The durations do not fit together.</exception>
    public LeaderElection(ClusterAccess cluster, LeaderOptions options)
        : this(
            new KubernetesLeaseStore(cluster.Api, options.Lease, options.AddressAnnotation, options.RenewDeadline / 3),
            options, cluster.Time, cluster.Metrics.Leader, cluster.Logs.CreateLogger<LeaderElection>())
    {
    }

    internal LeaderElection(ILeaseStore store, LeaderOptions options, TimeProvider time, LeaderMetrics metrics, ILogger logger)
    {
        options.Validate();
        (_store, _options, _time, _metrics, _logger) = (store, options, time, metrics, logger);
        _lease = options.Lease.ToString();
        Identity = $"{options.Name}_{Guid.NewGuid():N}";
    }

    /// <summary>The name of this process in the lease.</summary>
    public string Identity { get; }

    /// <summary>Whether this process may act as the leader now. Ask right before an effect: it turns false by itself when renewals fail.</summary>
    public bool IsLeading => _time.GetTimestamp() < Volatile.Read(ref _leadUntil);

    /// <summary>Who leads, as far as was seen; null for nobody. What the lease says, not a promise that it is alive.</summary>
    public LeaderSight? Leader { get; private set; }

    /// <summary>Stands for election and leads when elected, again and again, until it is cancelled; then gives the lease back.</summary>
    /// <param name="lead">
    /// The leader's work. Its token is cancelled when the term ends; it must then stop to act at once and return. The process stands again
    /// only after that. When it returns or throws by itself the lease is given back, and the process stands again after a pause.
    /// </param>
    /// <param name="cancellation">Ends it.</param>
    public async Task RunAsync(Func<CancellationToken, Task> lead, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(lead);
        try
        {
            while (true)
            {
                if (await TryAsync(cancellation))
                    await LeadAsync(lead, cancellation);
                await PauseAsync(cancellation);
            }
        }
        catch (OperationCanceledException) when (cancellation.IsCancellationRequested)
        {
            // Asked for.
        }
    }

    private async Task LeadAsync(Func<CancellationToken, Task> lead, CancellationToken cancellation)
    {
        LogElected(_lease, Identity, _record!.Transitions);
        _metrics.Terms.WithLabels(_lease).Inc();
        _metrics.Leading.WithLabels(_lease).Set(1);
        using var term = new CancellationTokenSource(Left(), _time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellation, term.Token);
        var work = Task.Run(() => lead(either.Token), CancellationToken.None);
        await RenewAsync(work, term, either.Token);

        // From here on nothing may act; the lease is given back only when nothing does.
        Volatile.Write(ref _leadUntil, long.MinValue);
        _metrics.Leading.WithLabels(_lease).Set(0);
        await either.CancelAsync();
        try
        {
            await work;
            LogEnded(_lease, Identity);
        }
        catch (OperationCanceledException) when (either.IsCancellationRequested)
        {
            LogEnded(_lease, Identity);
        }
#pragma warning disable CA1031 // The process stands for election again, whatever its work met.
        catch (Exception error)
#pragma warning restore CA1031
        {
            LogWorkThrew(error, _lease);
        }

        await ReleaseAsync();
    }

    // Renews until the work ends, the term is over, or another has the lease.
    private async Task RenewAsync(Task work, CancellationTokenSource term, CancellationToken ended)
    {
        while (!work.IsCompleted && !ended.IsCancellationRequested)
        {
            using var sleep = CancellationTokenSource.CreateLinkedTokenSource(ended);
            await Task.WhenAny(work, Task.Delay(Jittered(), _time, sleep.Token));
            await sleep.CancelAsync();
            // Also when the timer that ends the term is late: somebody else may have led meanwhile, and this term knows nothing of it.
            if (work.IsCompleted || ended.IsCancellationRequested || !IsLeading)
                return;
            try
            {
                if (!await TryAsync(ended))
                {
                    if (_record is { } seen && seen.Holder != Identity)
                    {
                        LogLost(_lease, seen.Holder);
                        return;
                    }
                }
                else if (Left() is var left && left > TimeSpan.Zero)
                    term.CancelAfter(left);
                else
                    return;
            }
            catch (OperationCanceledException) when (ended.IsCancellationRequested)
            {
                return;
            }
        }
    }

    private TimeSpan Left() => _time.GetElapsedTime(_time.GetTimestamp(), Volatile.Read(ref _leadUntil)) is var left && left > TimeSpan.Zero ? left : TimeSpan.Zero;

    private TimeSpan Jittered() => _options.RetryPeriod * (0.8 + (Random.Shared.NextDouble() * 0.4));

    private Task PauseAsync(CancellationToken cancellation) => Task.Delay(Jittered(), _time, cancellation);
}
