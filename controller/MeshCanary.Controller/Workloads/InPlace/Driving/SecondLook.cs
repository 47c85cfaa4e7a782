using k8s;
using k8s.Models;
using MeshCanary.Controller.Crds;
using MeshCanary.Controller.Workloads.InPlace.Calls;
using MeshCanary.Controller.Workloads.InPlace.Viewing;
using MeshCanary.Machinery;
using MeshCanary.Machinery.Applying;
using MeshCanary.Machinery.Calling;
using MeshCanary.Machinery.Resources;

namespace MeshCanary.Controller.Workloads.InPlace.Driving;

/// <summary>
/// What a refused call rested on, as the server has it. A cache can be behind for as long as its watch is silent, and whatever is
/// planned on it would be refused until then.
/// </summary>
internal sealed class SecondLook(ClusterAccess cluster, InPlaceCaches caches)
{
    private readonly ObjectWriter<V1Deployment> _deployments = new(cluster, ResourceType.Of<V1Deployment>(), ApiNames.FieldManager);
    private readonly ObjectWriter<V1Service> _services = new(cluster, ResourceType.Of<V1Service>(), ApiNames.FieldManager);
    private readonly ResourceType _sets = ResourceType.Of<V1ReplicaSet>();

    /// <summary>Reads it, so that the next look sees it.</summary>
    /// <param name="binding">The workload.</param>
    /// <param name="seen">What the call was planned on.</param>
    /// <param name="call">The call.</param>
    /// <param name="cancellation">Ends it.</param>
    /// <returns>Whether something is not as it was seen.</returns>
    /// <exception cref="ApiException">It could not be read.</exception>
    public async Task<bool> DiffersAsync(InPlaceBinding binding, InPlaceView seen, InPlaceCall call, CancellationToken cancellation)
    {
        var space = binding.Canary.Namespace;
        var deployment = await _deployments.ReadAsync(new ObjectKey(space, binding.Workload.Name), cancellation);
        var differs = Take(caches.Deployments, seen.Deployment, deployment);

        var owners = new[] { binding.Canary.Uid, deployment?.Metadata.Uid }.OfType<string>().ToList();
        var present = (await SetsAsync(space, cancellation)).ToDictionary(set => set.Metadata.Name);
        var ours = present.Values.Where(set => Objects.Controller(set) is { } owner && owners.Contains(owner)).Select(set => set.Metadata.Name);
        var known = seen.ReplicaSets.ToDictionary(set => set.Metadata.Name);
        foreach (var name in ours.Union(known.Keys).ToList())
            differs |= Take(caches.Sets, known.GetValueOrDefault(name), present.GetValueOrDefault(name));

        var services = seen.ArmServices.ToDictionary(service => service.Metadata.Name);
        if (call is CreateServiceOfArm create)
            services.TryAdd(create.Service.Metadata.Name, null!);
        foreach (var (name, service) in services)
            differs |= Take(caches.Services, service, await _services.ReadAsync(new ObjectKey(space, name), cancellation));
        return differs;
    }

    /// <summary>The ReplicaSets of a namespace.</summary>
    public async Task<List<V1ReplicaSet>> SetsAsync(string space, CancellationToken cancellation)
    {
        var request = new ApiRequest("list", HttpMethod.Get, _sets.Path(space)) { Type = _sets, Target = space, IsIdempotent = true };
        using var answer = await cluster.Api.ReadAsync(request, cancellation);
        // The items of a list do not say what they are; nobody asks it of these.
        return [.. answer.RootElement.GetProperty("items").EnumerateArray().Select(ObjectJson.Decode<V1ReplicaSet>)];
    }

    private static bool Take<T>(Overlay<T> overlay, T? seen, T? present)
        where T : class, IKubernetesObject<V1ObjectMeta>
    {
        if (present is not null)
            overlay.Put(present);
        else if (seen is not null)
            overlay.Remove(seen);
        return seen?.Metadata.ResourceVersion != present?.Metadata.ResourceVersion;
    }
}
