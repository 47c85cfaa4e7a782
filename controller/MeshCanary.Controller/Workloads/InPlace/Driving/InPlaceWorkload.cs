using System.Collections.Concurrent;
using System.Collections.Immutable;
using MeshCanary.Controller.Keeping;
using MeshCanary.Controller.Workloads.Checking;
using MeshCanary.Controller.Workloads.InPlace.Identity;
using MeshCanary.Controller.Workloads.InPlace.Planning;
using MeshCanary.Controller.Workloads.InPlace.Viewing;
using MeshCanary.Machinery;
using MeshCanary.Machinery.Calling;
using MeshCanary.Machinery.Queueing;
using MeshCanary.Rollouts.Deciding;
using MeshCanary.Rollouts.Revisions;
using MeshCanary.Rollouts.Specs;
using Microsoft.Extensions.Logging;

namespace MeshCanary.Controller.Workloads.InPlace.Driving;

/// <summary>
/// Versions that are templates of a Deployment. One driver per Canary at a time brings the cluster to the plan, one call after the other,
/// each planned on what the one before left. Thread-safe.
/// </summary>
internal sealed partial class InPlaceWorkload : IWorkload, IClusterPart, IAdoptable, IDisposable
{
    // More calls than any sequence has, for a Deployment with a full history.
    private const int MostCalls = 60;
    private static readonly TimeSpan LookAgain = TimeSpan.FromMilliseconds(250);
    private static readonly TimeSpan Recheck = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan DrainCheck = TimeSpan.FromSeconds(1);

    private readonly InPlaceCaches _caches;
    private readonly CallExecutor _executor;
    private readonly ConfigStore _configs;
    private readonly CopyRights _rights;
    private readonly PodReader _pods;
    private readonly Action<string> _changed;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private readonly WorkQueue<string> _queue;
    private readonly ConcurrentDictionary<string, Driven> _driven = new(StringComparer.Ordinal);

    /// <param name="cluster">The cluster.</param>
    /// <param name="space">The one namespace that is looked at; null for all.</param>
    /// <param name="changed">Is told the key of a Canary whose workload looks otherwise than before.</param>
    /// <param name="time">The clock.</param>
    /// <param name="logger">Where calls are logged.</param>
    public InPlaceWorkload(ClusterAccess cluster, string? space, Action<string> changed, TimeProvider time, ILogger logger)
    {
        (_changed, _time, _logger) = (changed, time, logger);
        _caches = new InPlaceCaches(cluster, space, time);
        _configs = new ConfigStore(cluster, time);
        _rights = new CopyRights(cluster);
        _executor = new CallExecutor(cluster, _caches, _configs);
        _pods = new PodReader(cluster);
        _queue = new WorkQueue<string>(cluster, "workloads", DriveAsync);
        _caches.Subscribe(Touch);
    }

    /// <inheritdoc/>
    public string Name => "Deployment";

    /// <summary>Whether the caches are complete: before that nothing is driven.</summary>
    public bool HasSynced => _caches.HasSynced;

    /// <inheritdoc/>
    public void Manage(string uid, CanaryManifest manifest)
    {
        var binding = new InPlaceBinding(new CanaryOwner(manifest.Namespace, manifest.Name, uid), manifest.Spec.Workload, manifest.Spec.Service);
        _driven.AddOrUpdate(manifest.Key, _ => new Driven(binding, new Unlisting(_time)), (_, known) => known with { Binding = binding });
        _queue.Add(manifest.Key);
    }

    /// <inheritdoc/>
    public void Forget(string key) => _driven.TryRemove(key, out _);

    /// <inheritdoc/>
    public Revision? FindStable(string key) => Read(key).Observation?.Home;

    /// <inheritdoc/>
    public async Task<AdoptionProblem?> RefusesAsync(CanaryManifest manifest, CancellationToken cancellation) =>
        manifest.Spec.Workload.Deployment is { ConfigSnapshots: true } ? await _rights.ProblemAsync(manifest.Namespace, cancellation) : null;

    /// <inheritdoc/>
    public void Watch(string key, LookingAt how, IReadOnlyCollection<Revision> revisions) => _queue.Add(key);

    /// <inheritdoc/>
    public WorkloadSight Read(string key) => _driven.TryGetValue(key, out var driven) && HasSynced
        ? InPlaceSight.Of(Look(driven), driven.Problem)
        : new WorkloadSight { Ready = ImmutableDictionary<string, int>.Empty, Addresses = ImmutableDictionary<string, ImmutableArray<string>>.Empty };

    /// <inheritdoc/>
    public void Apply(string key, WorkloadPlan plan) => Ask(key, driven => driven with { Plan = plan });

    /// <summary>Whether the last plan that was asked for is reached.</summary>
    public bool HasReached(string key) => _driven.TryGetValue(key, out var driven) && driven.IsReached;

    /// <inheritdoc/>
    public string? GiveBack(string key)
    {
        Ask(key, driven => driven with { Releasing = true });
        return _driven.TryGetValue(key, out var driven) && !driven.IsReached
            ? driven.Problem ?? $"Deployment {driven.Binding.Workload.Name} to have its pods and its marks as before"
            : null;
    }

    /// <summary>Follows the cluster until it is cancelled.</summary>
    public Task WatchAsync(CancellationToken cancellation) => _caches.RunAsync(cancellation);

    /// <summary>Drives workloads: what the leader does, and nobody else.</summary>
    /// <param name="stop">No call is begun after this.</param>
    /// <param name="abort">Cancels calls that are under way.</param>
    public Task DriveAsync(CancellationToken stop, CancellationToken abort) => _queue.RunAsync(stop, abort);

    /// <inheritdoc/>
    public void Dispose() => _queue.Dispose();

    private void Ask(string key, Func<Driven, Driven> ask)
    {
        while (_driven.TryGetValue(key, out var known))
        {
            var asked = ask(known);
            if (asked == known)
                return;
            // What was reached was another plan.
            if (!_driven.TryUpdate(key, asked with { IsReached = false }, known))
                continue;
            _queue.Add(key);
            return;
        }
    }

    private void Touch(string space, string? whom)
    {
        foreach (var (key, driven) in _driven)
        {
            var binding = driven.Binding;
            if (binding.Canary.Namespace != space || (whom is not null && whom != binding.Workload.Name && whom != binding.Service.Name && whom != binding.Canary.Name))
                continue;
            _queue.Add(key);
            _changed(key);
        }
    }

    private InPlaceView Look(Driven driven)
    {
        var view = _caches.Look(driven.Binding);
        return view with { Configs = _configs.Look(view.Canary.Namespace, References(view)) };
    }

    private static ImmutableSortedSet<ConfigReference> References(InPlaceView view) =>
        [.. view.ReplicaSets.Select(set => set.Spec.Template).Append(view.Deployment?.Spec.Template).OfType<k8s.Models.V1PodTemplateSpec>().SelectMany(ConfigReferences.Of)];

    private async Task<WorkResult> DriveAsync(string key, CancellationToken cancellation)
    {
        if (!HasSynced)
            return WorkResult.After(LookAgain);
        for (var calls = 0; calls < MostCalls; calls++)
        {
            if (!_driven.TryGetValue(key, out var driven))
                return WorkResult.Done;
            var space = driven.Binding.Canary.Namespace;
            if (await _configs.ReadAsync(space, References(_caches.Look(driven.Binding)), cancellation))
                _changed(key);
            var view = Look(driven);
            view = view with { Draining = driven.Unlisting.Look(view, driven.Binding.Workload.Drain) };
            if (driven.Plan is not { } plan)
                return WorkResult.After(ConfigStore.Period);
            var order = new InPlaceOrder(plan, driven.Binding.Deployment, driven.Releasing);
            var pods = await _pods.ReadAsync(view, cancellation);
            var step = InPlacePlanner.Next(view with { Pods = pods }, order);
            if (step.Call is not { } call)
            {
                Tell(key, driven, step.Problem, step.IsReached);
                // Pods that are not followed tell of nothing: while some are missing they are asked what is wrong with them.
                return WorkResult.After(!view.Draining.IsEmpty ? DrainCheck : step.IsReached && pods.IsEmpty ? ConfigStore.Period : Recheck);
            }

            Tell(key, driven, step.Problem, reached: false);
            try
            {
                if (!await _executor.TryAsync(driven.Binding, view, call, cancellation))
                {
                    LogRefused(key, call.Says);
                    return WorkResult.After(LookAgain);
                }
            }
            catch (ApiException failure) when (!failure.IsTransient)
            {
                // It is for a person to act; until then it is tried again, slower and slower.
                Tell(key, driven, failure.Message, reached: false);
                throw;
            }

            LogDone(key, call.Says);
        }

        return WorkResult.After(LookAgain);
    }

    private void Tell(string key, Driven asked, string? problem, bool reached)
    {
        while (_driven.TryGetValue(key, out var known))
        {
            // Something else was asked for meanwhile: what was found does not answer that.
            if (known.Plan != asked.Plan || known.Releasing != asked.Releasing || known.Binding != asked.Binding)
                return;
            if (known.Problem == problem && known.IsReached == reached)
                return;
            if (!_driven.TryUpdate(key, known with { Problem = problem, IsReached = reached }, known))
                continue;
            if (problem is not null && problem != known.Problem)
                LogProblem(key, problem);
            _changed(key);
            return;
        }
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "Workload of Canary {Canary}: {Call}.")]
    private partial void LogDone(string canary, string call);

    [LoggerMessage(Level = LogLevel.Debug, Message = "Workload of Canary {Canary}: {Call} was refused, since the object has changed; it is looked at anew.")]
    private partial void LogRefused(string canary, string call);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Workload of Canary {Canary}: {Problem}.")]
    private partial void LogProblem(string canary, string problem);

    private sealed record Driven(InPlaceBinding Binding, Unlisting Unlisting)
    {
        public WorkloadPlan? Plan { get; init; }

        public bool Releasing { get; init; }

        public string? Problem { get; init; }

        public bool IsReached { get; init; }
    }
}
