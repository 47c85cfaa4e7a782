using System.Collections.Concurrent;
using System.Collections.Immutable;
using MeshCanary.Controller.Crds;
using MeshCanary.Controller.Crds.Statuses;
using MeshCanary.Controller.Reconciling;
using MeshCanary.Controller.Recording.Cluster;
using MeshCanary.Controller.Workloads.Checking;
using MeshCanary.Machinery.Queueing;
using MeshCanary.Machinery.Resources;
using MeshCanary.Rollouts.Specs;
using MeshCanary.Rollouts.Specs.Parsing;
using MeshCanary.Rollouts.States;

namespace MeshCanary.Controller.Keeping;

/// <summary>
/// Brings Canary objects under control and lets them go: reads what is written, adopts the workload, hands changes to the
/// reconcile, and gives everything back before the finalizer goes. One key at a time; several keys at once.
/// </summary>
internal sealed class CanaryKeeper(CanarySet set, ClusterCaches caches, ClusterParts parts, CanaryForge forge, ICanaryObjects objects, UnkeptStatus unkept) : IAsyncDisposable
{
    private static readonly TimeSpan AdoptionPause = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan Soon = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan ReleasePause = TimeSpan.FromMilliseconds(500);

    private readonly ConcurrentDictionary<string, KeptCanary> _kept = new(StringComparer.Ordinal);

    /// <summary>Whether a Canary is under control.</summary>
    public bool Keeps(string key) => _kept.ContainsKey(key);

    /// <summary>The Canary under control of that key; null when there is none.</summary>
    public KeptCanary? Find(string key) => _kept.GetValueOrDefault(key);

    /// <summary>Looks at one key.</summary>
    public async Task<WorkResult> LookAsync(ObjectKey key, CancellationToken cancellation)
    {
        caches.Canaries.Store.TryGet(key, out var present);
        var kept = _kept.GetValueOrDefault(key.ToString());
        if (kept is not null && kept.Uid != present?.Metadata.Uid)
        {
            // Nobody waited for our finalizer: what was changed cannot be given back by us any more.
            await LetGoAsync(key.ToString()).ConfigureAwait(false);
            kept = null;
        }

        if (present is null)
        {
            // One that could never be adopted has no finalizer, and goes without a word.
            parts.Forget(key.ToString());
            return WorkResult.Done;
        }

        if (present.Metadata.DeletionTimestamp is not null)
            return await ReleaseAsync(key, present, kept, cancellation).ConfigureAwait(false);
        var read = CanaryManifestReader.ReadObject(present.Spec, key.Namespace, key.Name);
        if (read.Manifests is not [var manifest])
            return await RefuseAsync(present, kept, read.Errors, cancellation).ConfigureAwait(false);
        if (kept is null)
            return await AdoptAsync(key, present, manifest, cancellation).ConfigureAwait(false);
        if (RouterChange.Fault(kept.Canary.Worker.State.Record.Manifest, manifest) is { } fault)
            return await RefuseAsync(present, kept, [fault], cancellation).ConfigureAwait(false);
        await ChangeAsync(kept, present, manifest, cancellation).ConfigureAwait(false);
        return WorkResult.Done;
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        foreach (var key in _kept.Keys)
            await LetGoAsync(key).ConfigureAwait(false);
        foreach (var considered in caches.Canaries.Store.Objects)
            parts.Forget(ObjectKey.Of(considered).ToString());
    }

    private async Task ChangeAsync(KeptCanary kept, CanaryObject present, CanaryManifest manifest, CancellationToken cancellation)
    {
        if (kept.Store.Generation != present.Metadata.Generation)
        {
            kept.Store.Generation = present.Metadata.Generation;
            parts.Manage(kept.Uid, manifest);
            kept.Canary.Worker.State.Wish = new CanaryWish(manifest);
            kept.Canary.Worker.Signal();
        }

        if (kept.Store.Blame(ConditionTypes.InvalidSpec, null))
            await kept.Store.TellAsync(cancellation).ConfigureAwait(false);
    }

    private async Task<WorkResult> RefuseAsync(CanaryObject present, KeptCanary? kept, ImmutableArray<ManifestError> errors, CancellationToken cancellation)
    {
        var fault = new ConditionFault("InvalidSpec", string.Join(" ", errors.Select(error => error.Said)));
        if (kept is null)
            await unkept.TellAsync(present, ConditionTypes.InvalidSpec, fault, cancellation).ConfigureAwait(false);
        else if (kept.Store.Blame(ConditionTypes.InvalidSpec, fault))
            await kept.Store.TellAsync(cancellation).ConfigureAwait(false);
        return WorkResult.Done;
    }

    private async Task<WorkResult> AdoptAsync(ObjectKey key, CanaryObject present, CanaryManifest manifest, CancellationToken cancellation)
    {
        // What the cache shows may be from before another replica wrote: begin from what is there now.
        if (await objects.ReadAsync(key, cancellation).ConfigureAwait(false) is not { } now || now.Metadata.Uid != present.Metadata.Uid || now.Metadata.Generation != present.Metadata.Generation)
            return WorkResult.After(ReleasePause);
        if (now.Status?.Engine is { Length: > 0 } engine)
            return await ResumeAsync(now, manifest, engine, cancellation).ConfigureAwait(false);
        if (Rivals.Problem(now, caches.Canaries.Store.Objects, rival => Keeps(ObjectKey.Of(rival).ToString())) is { } claimed)
        {
            await unkept.TellAsync(now, ConditionTypes.Ready, new ConditionFault(claimed.Code, claimed.Message), cancellation).ConfigureAwait(false);
            return WorkResult.After(AdoptionPause);
        }

        parts.Consider(now.Metadata.Uid, manifest);
        var problems = AdoptionChecks.Run(caches.ForAdoption(manifest));
        if (problems.IsEmpty && parts.Workload.FindStable(key.ToString()) is null)
            problems = [new AdoptionProblem("Looking", $"What {manifest.Spec.Workload.Kind} {manifest.Spec.Workload.Name} runs is not known yet.", Passes: true)];
        if (problems.IsEmpty && await parts.Workload.RefusesAsync(manifest, cancellation).ConfigureAwait(false) is { } refused)
            problems = [refused];
        if (!problems.IsEmpty)
        {
            var fault = new ConditionFault(problems[0].Code, string.Join(" ", problems.Select(one => one.Message)));
            await unkept.TellAsync(now, ConditionTypes.Ready, fault, cancellation).ConfigureAwait(false);
            return WorkResult.After(problems.All(one => one.Passes) ? Soon : AdoptionPause);
        }

        var stable = parts.Workload.FindStable(key.ToString())!;

        if (await objects.SetFinalizerAsync(now, wanted: true, cancellation).ConfigureAwait(false) is not { } guarded)
            return WorkResult.Done;
        parts.Manage(guarded.Metadata.Uid, manifest);
        await KeepAsync(await forge.BeginAsync(guarded, manifest, stable, cancellation).ConfigureAwait(false)).ConfigureAwait(false);
        return WorkResult.Done;
    }

    private async Task<WorkResult> ResumeAsync(CanaryObject present, CanaryManifest? manifest, string engine, CancellationToken cancellation)
    {
        EngineState state;
        try
        {
            state = EngineText.Read(engine);
        }
        catch (InvalidDataException failure)
        {
            // Whoever wrote it knows more of this rollout than we do: nothing is overwritten and nothing is touched.
            await unkept.TellAsync(present, ConditionTypes.Degraded, new ConditionFault("UnreadableState", failure.Message), cancellation).ConfigureAwait(false);
            return WorkResult.Done;
        }

        if (manifest is null || RouterChange.Fault(state.Manifest, manifest) is not null)
            manifest = state.Manifest;
        parts.Manage(present.Metadata.Uid, manifest);
        await KeepAsync(await forge.ResumeAsync(present, manifest, state, cancellation).ConfigureAwait(false)).ConfigureAwait(false);
        return WorkResult.Done;
    }

    private async Task<WorkResult> ReleaseAsync(ObjectKey key, CanaryObject present, KeptCanary? kept, CancellationToken cancellation)
    {
        if (present.Metadata.Finalizers?.Contains(ApiNames.Finalizer) != true)
        {
            await LetGoAsync(key.ToString()).ConfigureAwait(false);
            return WorkResult.Done;
        }

        // As for an adoption: the cache may be from before another replica wrote, and would be refused for as long as it is.
        if (kept is null && await objects.ReadAsync(key, cancellation).ConfigureAwait(false) is { Status.Engine: { Length: > 0 } engine } now && now.Metadata.Uid == present.Metadata.Uid)
        {
            var read = CanaryManifestReader.ReadObject(now.Spec, key.Namespace, key.Name);
            await ResumeAsync(now, read.Manifests is [var manifest] ? manifest : null, engine, cancellation).ConfigureAwait(false);
            kept = _kept.GetValueOrDefault(key.ToString());
            if (kept is null)
                return WorkResult.Done;
        }

        if (kept is not null && await WaitAsync(kept, cancellation).ConfigureAwait(false))
            return WorkResult.After(ReleasePause);
        await LetGoAsync(key.ToString()).ConfigureAwait(false);
        if (await objects.ReadAsync(key, cancellation).ConfigureAwait(false) is { } last && last.Metadata.Uid == present.Metadata.Uid)
            await objects.SetFinalizerAsync(last, wanted: false, cancellation).ConfigureAwait(false);
        return WorkResult.Done;
    }

    // Whether something is still to be given back: first traffic, by the reconcile; then the way to the pods; then the pods.
    private async Task<bool> WaitAsync(KeptCanary kept, CancellationToken cancellation)
    {
        var state = kept.Canary.Worker.State;
        if (state.Record.Status.Phase != Phase.Releasing && state.Wish is not { Manifest: null })
        {
            state.Wish = new CanaryWish(null);
            kept.Canary.Worker.Signal();
        }

        if (!state.Record.Status.Released)
            return true;
        if (parts.GiveBack(state.Record.Key) is not { } waits)
            return false;
        if (kept.Store.Blame(ConditionTypes.Degraded, new ConditionFault("Releasing", $"Waits for {waits}.")))
            await kept.Store.TellAsync(cancellation).ConfigureAwait(false);
        return true;
    }

    private async Task KeepAsync(KeptCanary kept)
    {
        var key = kept.Canary.Worker.Key;
        await LetGoAsync(key, forget: false).ConfigureAwait(false);
        _kept[key] = kept;
        set.Add(kept.Canary);
    }

    private async Task LetGoAsync(string key, bool forget = true)
    {
        if (!_kept.TryRemove(key, out _) && !forget)
            return;
        await set.RemoveAsync(key).ConfigureAwait(false);
        if (forget)
            parts.Forget(key);
    }
}
