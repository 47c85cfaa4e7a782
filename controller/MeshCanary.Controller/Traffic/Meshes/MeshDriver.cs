using System.Collections.Concurrent;
using k8s.Models;
using MeshCanary.Controller.Crds;
using MeshCanary.Machinery;
using MeshCanary.Machinery.Applying;
using MeshCanary.Machinery.Calling;
using MeshCanary.Machinery.Events;
using MeshCanary.Machinery.Queueing;
using MeshCanary.Machinery.Resources;

namespace MeshCanary.Controller.Traffic.Meshes;

/// <summary>Brings routes and Services to what is wanted of them, one Canary's calls one after the other.</summary>
/// <param name="cluster">The cluster.</param>
/// <param name="sights">What is seen of it, and what follows.</param>
/// <param name="changed">Called with a Canary whose traffic came into force, or fell out of it.</param>
/// <param name="tell">Tells people what happened.</param>
/// <param name="time">The clock.</param>
internal sealed class MeshDriver(ClusterAccess cluster, MeshSights sights, Action<string> changed, Action<ObjectEvent> tell, TimeProvider time)
{
    private static readonly TimeSpan Breath = TimeSpan.FromMilliseconds(200);

    // Whatever is waited for is seen by an informer; this is for what none shows.
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    private readonly ConcurrentDictionary<string, MeshTale> _tales = new(StringComparer.Ordinal);
    private readonly ObjectWriter<V1Service> _services = new(cluster, ResourceType.Of<V1Service>(), ApiNames.FieldManager);

    /// <summary>The Canaries, by key.</summary>
    public ConcurrentDictionary<string, ManagedMesh> Canaries { get; } = new(StringComparer.Ordinal);

    /// <summary>What is in the way that no object shows; null when nothing is.</summary>
    public string? ProblemOf(string key) => _tales.TryGetValue(key, out var tale) ? tale.Problem : null;

    /// <summary>The Canary is no longer ours.</summary>
    public void Forget(string key) => _tales.TryRemove(key, out _);

    /// <summary>Looks at one Canary, and takes its next step.</summary>
    public async Task<WorkResult> LookAsync(string key, CancellationToken cancellation)
    {
        if (!Canaries.TryGetValue(key, out var canary))
            return WorkResult.Done;
        var tale = _tales.GetOrAdd(key, _ => new MeshTale(time));
        var sight = sights.Look(canary);
        if (sight.IsInForce != tale.WasInForce)
        {
            tale.WasInForce = sight.IsInForce;
            changed(key);
        }

        try
        {
            var acted = await ActAsync(canary, sight, tale, cancellation).ConfigureAwait(false);
            if (acted != Breath)
                return Later(sight, acted);
            (tale.Problem, tale.Refusals) = (null, 0);
            return WorkResult.After(Breath);
        }
        catch (ApiException refused) when (refused.Kind is ApiErrorKind.Invalid or ApiErrorKind.Conflict or ApiErrorKind.NotFound or ApiErrorKind.Forbidden or ApiErrorKind.Refused)
        {
            // Somebody wrote in between, which the cache will show; or the mesh's own webhook does not want it, which it says.
            tale.Refusals++;
            if (tale.Refusals > 2)
                tale.Problem = $"a call was refused: {refused.Message}";
            return WorkResult.After(Breath * Math.Min(25, 1 << Math.Min(tale.Refusals, 10)));
        }
    }

    // One call at most; how soon to look again, or null when nothing was there to be done.
    private async Task<TimeSpan?> ActAsync(ManagedMesh canary, MeshSight sight, MeshTale tale, CancellationToken cancellation)
    {
        if (sight.Routed.FirstOrDefault(arm => !arm.IsKept && !arm.IsGoing) is { } unkept)
        {
            await _services.PatchAsync(ObjectKey.Of(unkept.Service), ArmKeeping.Keep(unkept), null, cancellation).ConfigureAwait(false);
            return Breath;
        }

        var told = sight.Pin.Told ?? sight.Step?.Told;
        var isContested = told is not null && !tale.Repairs.MayRepair();
        if (isContested)
        {
            tale.Problem = $"RouteContested: somebody else keeps writing what the Canary has set; it was put back {RepairBook.Most} times within a minute. {told}";
            return Patience;
        }

        if (sight.Pin.Patch is { } pin)
        {
            var written = await _services.PatchAsync(canary.Service, pin, null, cancellation).ConfigureAwait(false);
            Told(tale, ObjectEvent.To(written), "SelectorRepaired", sight.Pin.Told);
            return Breath;
        }

        if (sight.Step?.Write is { } write)
        {
            var written = await WriteAsync(sights.MeshOf(canary), write, cancellation).ConfigureAwait(false);
            if (written is not null)
                Told(tale, ObjectEvent.To(written), "RouteRepaired", sight.Step.Told);
            return Breath;
        }

        if (ArmKeeping.Unneeded(canary, sight) is { } unneeded)
        {
            await _services.PatchAsync(ObjectKey.Of(unneeded.Service), ArmKeeping.LetGo(unneeded), null, cancellation).ConfigureAwait(false);
            return Breath;
        }

        (tale.Problem, tale.Refusals) = (null, 0);
        return null;
    }

    private async Task<RawObject?> WriteAsync(MeshKinds mesh, MeshWrite write, CancellationToken cancellation)
    {
        // A field that the mesh's version does not know must not be dropped: a copy of some requests would be one of all.
        var writer = new ObjectWriter<RawObject>(cluster, write.Type, ApiNames.FieldManager) { IsStrict = true };
        RawObject? written = null;
        switch (write)
        {
            case MeshWrite.Apply apply:
                written = await writer.ApplyAsync(apply.Key, apply.Body, force: true, null, cancellation).ConfigureAwait(false);
                break;
            case MeshWrite.Patch patch:
                written = await writer.PatchAsync(patch.Key, patch.Changes, null, cancellation).ConfigureAwait(false);
                break;
            case MeshWrite.Delete delete:
                await writer.DeleteAsync(delete.Key, new DeleteOptions { Uid = delete.Uid }, cancellation).ConfigureAwait(false);
                break;
            default:
                throw new ArgumentOutOfRangeException(nameof(write), write, "Unknown write.");
        }

        if (written is not null)
            mesh.Wrote(written, write.Type);
        return written;
    }

    private void Told(MeshTale tale, V1ObjectReference target, string reason, string? told)
    {
        if (told is null)
            return;
        tale.Repairs.Note();
        tell(new ObjectEvent(target, IsWarning: true, reason, "Repair", told));
    }

    private WorkResult Later(MeshSight sight, TimeSpan? acted)
    {
        var pause = acted ?? (sight.Waits is null ? null : Patience);
        if (sight.Step?.LookAgainAt is { } at)
        {
            var until = at - time.GetUtcNow();
            until = until < Breath ? Breath : until;
            pause = pause is null || until < pause ? until : pause;
        }

        return pause is { } soon ? WorkResult.After(soon) : WorkResult.Done;
    }
}
