using System.Text.Json.Nodes;
using k8s;
using k8s.Models;
using MeshCanary.Controller.Crds;
using MeshCanary.Controller.Workloads.InPlace.Calls;
using MeshCanary.Controller.Workloads.InPlace.Identity;
using MeshCanary.Controller.Workloads.InPlace.Viewing;
using MeshCanary.Machinery;
using MeshCanary.Machinery.Applying;
using MeshCanary.Machinery.Calling;
using MeshCanary.Machinery.Resources;

namespace MeshCanary.Controller.Workloads.InPlace.Driving;

/// <summary>Makes calls, and keeps what they answered until the caches show it. Thread-safe.</summary>
internal sealed class CallExecutor(ClusterAccess cluster, InPlaceCaches caches, ConfigStore configs)
{
    private readonly ObjectWriter<V1Deployment> _deployments = new(cluster, ResourceType.Of<V1Deployment>(), ApiNames.FieldManager);
    private readonly ObjectWriter<V1ReplicaSet> _sets = new(cluster, ResourceType.Of<V1ReplicaSet>(), ApiNames.FieldManager);
    private readonly CopyMaker _copies = new(cluster, configs);
    private readonly ObjectWriter<V1Service> _services = new(cluster, ResourceType.Of<V1Service>(), ApiNames.FieldManager);
    private readonly SecondLook _look = new(cluster, caches);

    /// <summary>Makes a call.</summary>
    /// <param name="binding">The workload.</param>
    /// <param name="seen">What the call was planned on.</param>
    /// <param name="call">The call.</param>
    /// <param name="cancellation">Ends it.</param>
    /// <returns>Whether it was done; not where what it rests on is no longer so. The next look sees what is.</returns>
    /// <exception cref="ApiException">It failed for another reason.</exception>
    public async Task<bool> TryAsync(InPlaceBinding binding, InPlaceView seen, InPlaceCall call, CancellationToken cancellation)
    {
        try
        {
            await DoAsync(binding, call, cancellation);
            return true;
        }
        catch (ApiException refused) when (refused.Kind is ApiErrorKind.Conflict or ApiErrorKind.NotFound or ApiErrorKind.AlreadyExists or ApiErrorKind.Invalid)
        {
            // A failed test of a patch is reported like a value that is not valid: only what is there tells them apart.
            if (!await _look.DiffersAsync(binding, seen, call, cancellation) && refused.Kind == ApiErrorKind.Invalid)
                throw;
            return false;
        }
    }

    private async Task DoAsync(InPlaceBinding binding, InPlaceCall call, CancellationToken cancellation)
    {
        var space = binding.Canary.Namespace;
        var deployment = new ObjectKey(space, binding.Workload.Name);
        switch (call)
        {
            case UnholdDeployment unhold:
                await WithHomeAsync(unhold.Home, cancellation);
                caches.Deployments.Put(await _deployments.PatchAsync(deployment, CallPatches.Of(call), null, cancellation));
                break;
            case HoldDeployment:
                caches.Deployments.Put(await _deployments.PatchAsync(deployment, CallPatches.Of(call), null, cancellation));
                break;
            case MarkDeployment mark:
                caches.Deployments.Put(await _deployments.MergeAsync(deployment, CallPatches.Of(mark), null, cancellation));
                break;
            case CreateReplicaSet create:
                caches.Sets.Put(await _sets.CreateAsync(await WithTemplateAsync(deployment, create, cancellation), cancellation));
                break;
            case CreateCopy copy:
                await _copies.MakeAsync(space, binding.Canary.Name, copy, cancellation);
                break;
            case DeleteReplicaSet delete:
                await _sets.DeleteAsync(ObjectKey.Of(delete.Set), Exactly(delete.Set), cancellation);
                caches.Sets.Remove(delete.Set);
                break;
            case MoveReplicaSet { To.Kind: "Deployment" } give when Objects.IsActive(give.Set):
                await WithoutAnotherAsync(give, cancellation);
                caches.Sets.Put(await _sets.PatchAsync(ObjectKey.Of(give.Set), CallPatches.Of(call), null, cancellation));
                break;
            case ReplicaSetCall set:
                caches.Sets.Put(await _sets.PatchAsync(ObjectKey.Of(set.Set), CallPatches.Of(call), null, cancellation));
                break;
            case CreateServiceOfArm create:
                caches.Services.Put(await _services.CreateAsync(create.Service, cancellation));
                break;
            case UpdateServiceOfArm update:
                caches.Services.Put(await _services.PatchAsync(ObjectKey.Of(update.Service), CallPatches.Of(call), null, cancellation));
                break;
            case DeleteServiceOfArm delete:
                await _services.DeleteAsync(ObjectKey.Of(delete.Service), Exactly(delete.Service), cancellation);
                caches.Services.Remove(delete.Service);
                break;
            default:
                throw new ArgumentOutOfRangeException(nameof(call), call, "Unknown call.");
        }
    }

    /// <summary>
    /// Of two ReplicaSets with pods the Deployment would take one down, and no test of a patch can say that there is none: the server
    /// is asked, since a cache may be behind what another replica has just done.
    /// </summary>
    private async Task WithoutAnotherAsync(MoveReplicaSet give, CancellationToken cancellation)
    {
        var space = give.Set.Metadata.NamespaceProperty;
        var another = (await _look.SetsAsync(space, cancellation))
            .FirstOrDefault(set => set.Metadata.Name != give.Name && Objects.Controller(set) == give.To.Uid && Objects.IsActive(set));
        if (another is not null)
            throw new ApiException(ApiErrorKind.Conflict, $"list {_sets.Type} {space}", $"the Deployment has {another.Metadata.Name} with pods by now");
    }

    /// <summary>As <see cref="WithoutAnotherAsync"/>: a Deployment that goes on must still own what it is to go on with.</summary>
    private async Task WithHomeAsync(V1ReplicaSet home, CancellationToken cancellation)
    {
        if (await _sets.ReadAsync(ObjectKey.Of(home), cancellation) is not { } present || Objects.Controller(present) != Objects.Controller(home))
            throw new ApiException(ApiErrorKind.Conflict, $"get {_sets.Type} {home.Metadata.Name}", "the Deployment does not own it any more");
    }

    /// <summary>
    /// The arm with the template as the server has it: a server that is newer than our classes has fields that they do not, and an arm
    /// without them could never become the Deployment's own.
    /// </summary>
    private async Task<JsonNode> WithTemplateAsync(ObjectKey key, CreateReplicaSet create, CancellationToken cancellation)
    {
        var type = _deployments.Type;
        var request = new ApiRequest("get", HttpMethod.Get, type.Path(key.Namespace, key.Name)) { Type = type, Target = key.ToString(), IsIdempotent = true };
        using var answer = await cluster.Api.ReadAsync(request, cancellation);
        var deployment = JsonNode.Parse(answer.RootElement.GetRawText())!;
        if ((long?)deployment["metadata"]?["generation"] != create.Generation)
            throw new ApiException(ApiErrorKind.Conflict, $"get {type} {key}", "the Deployment has changed since it was seen");
        var template = deployment["spec"]!["template"]!.DeepClone().AsObject();
        var set = JsonNode.Parse(KubernetesJson.Serialize(create.Set))!;
        template["metadata"] ??= new JsonObject();
        template["metadata"]!["labels"] = set["spec"]!["template"]!["metadata"]!["labels"]!.DeepClone();
        if (ConfigCopies.AreReadBy(create.Set))
            ConfigCopies.Put(template, Objects.Revision(create.Set)!);
        set["spec"]!["template"] = template;
        return set;
    }

    private static DeleteOptions Exactly(IKubernetesObject<V1ObjectMeta> seen) =>
        new() { Uid = seen.Metadata.Uid, ResourceVersion = seen.Metadata.ResourceVersion, Propagation = "Background" };
}
