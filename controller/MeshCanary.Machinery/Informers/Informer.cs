using System.Text.Json;
using k8s;
using k8s.Models;
using MeshCanary.Machinery.Calling;
using MeshCanary.Machinery.Discovering;
using MeshCanary.Machinery.Faults;
using MeshCanary.Machinery.Resources;
using Microsoft.Extensions.Logging;

namespace MeshCanary.Machinery.Informers;

/// <summary>
/// Keeps a copy of a collection and tells what changes in it. It lists, watches, and recovers from whatever a server or a network does;
/// while it cannot, the copy stays and gets old. When no type of its choice is served it waits for one. An object that does not fit the
/// class is put aside; the others come all the same. Thread-safe; run it once at a time.
/// </summary>
public sealed partial class Informer<T>
    where T : class, IKubernetesObject<V1ObjectMeta>
{
    private const int WatchAttempts = 3;

    private readonly ClusterAccess _cluster;
    private readonly InformerOptions<T> _options;
    private readonly ListScope _scope;
    private readonly Intake<T> _intake;
    private readonly ILogger _logger;
    private readonly TaskCompletionSource _settled = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private volatile ResourceType? _served;
    private volatile bool _synced;

    /// <summary>Prepares an informer.</summary>
    /// <param name="cluster">The cluster.</param>
    /// <param name="choice">The type, or several of which the best that is served is followed.</param>
    /// <param name="options">What of it, and how; null for everything.</param>
    public Informer(ClusterAccess cluster, ResourceChoice choice, InformerOptions<T>? options = null)
    {
        ArgumentNullException.ThrowIfNull(cluster);
        ArgumentNullException.ThrowIfNull(choice);
        _cluster = cluster;
        Choice = choice;
        _options = options ?? new InformerOptions<T>();
        _scope = new ListScope(_options.Namespace, _options.LabelSelector, _options.FieldSelector);
        _logger = cluster.Logs.CreateLogger<Informer<T>>();
        _intake = new Intake<T>(_options, HandlerThrew);
    }

    /// <summary>The types to choose from.</summary>
    public ResourceChoice Choice { get; }

    /// <summary>What is known.</summary>
    public ObjectStore<T> Store => _intake.Store;

    /// <summary>The store was complete once, and its type is served.</summary>
    public bool HasSynced => _synced;

    /// <summary>What it does at the moment.</summary>
    public InformerState State { get; private set; }

    /// <summary>The type that is followed, or null when none is served.</summary>
    public ResourceType? Served => _served;

    /// <summary>Objects that exist and cannot be read.</summary>
    public IReadOnlyCollection<UndecodableObject> Undecodable => [.. _intake.Undecodable];

    /// <summary>Listens. What is already known is told as added before this returns.</summary>
    /// <param name="handler">Is told.</param>
    /// <returns>Ends it when disposed.</returns>
    public IDisposable Subscribe(IObjectHandler<T> handler)
    {
        ArgumentNullException.ThrowIfNull(handler);
        return _intake.Subscribe(handler);
    }

    /// <summary>Waits until the store was complete once, or no type of the choice turned out to be served.</summary>
    /// <param name="cancellation">Ends the wait.</param>
    public Task WhenSettledAsync(CancellationToken cancellation) => _settled.Task.WaitAsync(cancellation);

    /// <summary>Follows the collection until it is cancelled. Throws nothing else.</summary>
    /// <param name="cancellation">Ends it.</param>
    public async Task RunAsync(CancellationToken cancellation)
    {
        var failures = 0;
        var doubt = false;
        try
        {
            while (true)
            {
                try
                {
                    var type = await FindAsync(doubt, cancellation);
                    doubt = false;
                    var watch = await ListAsync(type, cancellation);
                    var reason = await FollowAsync(type, watch, cancellation);
                    failures = watch.Lines > 0 ? 1 : failures + 1;
                    Restarted(reason);
                    LogListsAnew(Choice.Name, reason);
                }
#pragma warning disable CA1031 // Whatever a server answers, the next try may go well; giving up would be silence.
                catch (Exception error) when (!cancellation.IsCancellationRequested)
#pragma warning restore CA1031
                {
                    failures++;
                    // The type may have gone, or have moved to another version.
                    doubt = error is ApiException { Kind: ApiErrorKind.NotFound };
                    Restarted(ReasonOf(error));
                    LogFailed(Choice.Name, failures, error.Message);
                }

                State = InformerState.Recovering;
                await Task.Delay(_options.Backoff.After(failures, Random.Shared.NextDouble()), _cluster.Time, cancellation);
            }
        }
        catch (OperationCanceledException) when (cancellation.IsCancellationRequested)
        {
            State = InformerState.Stopped;
        }
    }

    private async Task<ResourceType> FindAsync(bool doubt, CancellationToken cancellation)
    {
        var age = doubt ? TimeSpan.Zero : Discovery.Freshness;
        long? missing = null;
        while (true)
        {
            if (await _cluster.Discovery.FindAsync(Choice, age, cancellation) is { } type)
                return type;
            missing ??= _cluster.Time.GetTimestamp();
            // Nothing is lost by believing it at once where nothing is known.
            if (_served is null || _cluster.Time.GetElapsedTime(missing.Value) >= _options.AbsenceLimit)
                Vanish();
            await Task.Delay(_options.AbsencePoll * (0.75 + (Random.Shared.NextDouble() / 2)), _cluster.Time, cancellation);
            age = _options.AbsencePoll / 2;
        }
    }

    private void Vanish()
    {
        if (State != InformerState.NotServed)
            LogNotServed(Choice.Name);
        State = InformerState.NotServed;
        _synced = false;
        _served = null;
        _intake.Clear();
        Measure();
        _settled.TrySetResult();
    }

    private async Task<WatchCall> ListAsync(ResourceType type, CancellationToken cancellation)
    {
        State = InformerState.Listing;
        var anew = _served is not null && _served != type;
        var call = new ListCall(_cluster.Api, type, _scope);
        var version = await call.ReadAsync(_options.PageSize, () => _intake.BeginList(anew), item => _intake.Listed(item, type), cancellation);
        _intake.EndList();
        _served = type;
        _synced = true;
        _cluster.Metrics.Informers.Lists.WithLabels(Choice.Name).Inc();
        Measure();
        _settled.TrySetResult();
        return new WatchCall(_cluster, type, _scope, version);
    }

    // Goes on from connection to connection until only a list helps; returns why.
    private async Task<string> FollowAsync(ResourceType type, WatchCall watch, CancellationToken cancellation)
    {
        var failures = 0;
        while (true)
        {
            var lines = watch.Lines;
            var start = _cluster.Time.GetTimestamp();
            try
            {
                State = InformerState.Watching;
                _cluster.Metrics.Informers.Watches.WithLabels(Choice.Name).Inc();
                var lifetime = _options.WatchLifetime * (1 + Random.Shared.NextDouble());
                var end = await watch.RunAsync(lifetime, _options.SilenceLimit, (kind, json) => Take(kind, json, type), cancellation);
                if (end != WatchEnd.Finished)
                    return end == WatchEnd.Expired ? "expired" : "silent";
                // One that ends at once and says nothing would spin.
                failures = watch.Lines > lines || _cluster.Time.GetElapsedTime(start) > TimeSpan.FromSeconds(1) ? 0 : failures + 1;
            }
            catch (ApiException error) when (error.Kind != ApiErrorKind.NotFound && failures < WatchAttempts)
            {
                // The same place that fails again and again is passed by a list.
                failures = watch.Lines > lines ? 1 : failures + 1;
                Restarted(ReasonOf(error));
                LogWatchBroke(Choice.Name, failures, error.Message);
            }

            if (failures == 0)
                continue;
            State = InformerState.Recovering;
            await Task.Delay(_options.Backoff.After(failures, Random.Shared.NextDouble()), _cluster.Time, cancellation);
        }
    }

    private void Take(string kind, JsonElement json, ResourceType type)
    {
        if (kind == "DELETED")
            _intake.Deleted(json);
        else if (kind != "BOOKMARK")
            _intake.Changed(json, type);
        Measure();
    }
}
