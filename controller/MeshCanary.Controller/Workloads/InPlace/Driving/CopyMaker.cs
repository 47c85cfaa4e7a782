using System.Text.Json.Nodes;
using k8s;
using k8s.Models;
using MeshCanary.Controller.Crds;
using MeshCanary.Controller.Workloads.InPlace.Calls;
using MeshCanary.Machinery;
using MeshCanary.Machinery.Calling;

namespace MeshCanary.Controller.Workloads.InPlace.Driving;

/// <summary>Makes copies of ConfigMaps and Secrets. Contents are read and written in one go, and kept nowhere. Thread-safe.</summary>
internal sealed class CopyMaker(ClusterAccess cluster, ConfigStore configs)
{
    /// <summary>Copies what is there now, where it is what the revision was named by.</summary>
    /// <exception cref="ApiException">It was not copied; a conflict where something else is there by now, or the copy is another ReplicaSet's yet.</exception>
    public async Task MakeAsync(string space, string canary, CreateCopy call, CancellationToken cancellation)
    {
        var body = Copy(await ReadAsync(space, call, cancellation), space, canary, call);
        var type = ConfigStore.TypeOf(call.Copy);
        var request = new ApiRequest("create", HttpMethod.Post, type.Path(space))
        {
            Type = type,
            Target = $"{space}/{call.Copy.Name}",
            Body = body.ToJsonString(),
            Query = [new("fieldManager", ApiNames.FieldManager)],
        };
        try
        {
            using var answer = await cluster.Api.ReadAsync(request, cancellation);
            configs.Learn(space, call.Copy, answer.RootElement);
        }
        catch (ApiException there) when (there.Kind == ApiErrorKind.AlreadyExists)
        {
            configs.Forget(space, call.Copy);
            throw;
        }
        catch (ApiException forbidden) when (forbidden.Kind == ApiErrorKind.Forbidden)
        {
            throw new ApiException(ApiErrorKind.Forbidden, forbidden.Call, CopyRights.Hint, forbidden);
        }
    }

    private async Task<JsonObject> ReadAsync(string space, CreateCopy call, CancellationToken cancellation)
    {
        var type = ConfigStore.TypeOf(call.Source);
        var request = new ApiRequest("get", HttpMethod.Get, type.Path(space, call.Source.Name)) { Type = type, Target = $"{space}/{call.Source.Name}", IsIdempotent = true };
        try
        {
            using var answer = await cluster.Api.ReadAsync(request, cancellation);
            if (configs.Learn(space, call.Source, answer.RootElement) != call.Hash)
                throw new ApiException(ApiErrorKind.Conflict, $"get {request.Target}", $"{call.Source} has changed since it was seen");
            return JsonNode.Parse(answer.RootElement.GetRawText())!.AsObject();
        }
        catch (ApiException gone) when (gone.Kind == ApiErrorKind.NotFound)
        {
            configs.Forget(space, call.Source);
            throw;
        }
    }

    // The type of a Secret says nothing to pods, but may have the server or others do something with it.
    private static JsonObject Copy(JsonObject source, string space, string canary, CreateCopy call)
    {
        var copy = new JsonObject
        {
            ["apiVersion"] = "v1",
            ["kind"] = call.Copy.Kind,
            ["metadata"] = new JsonObject
            {
                ["name"] = call.Copy.Name,
                ["namespace"] = space,
                ["labels"] = new JsonObject { [InPlaceNames.CanaryLabel] = canary, [InPlaceNames.RevisionLabel] = Objects.Revision(call.Set) },
                ["ownerReferences"] = new JsonArray(JsonNode.Parse(KubernetesJson.Serialize(new V1OwnerReference
                {
                    ApiVersion = "apps/v1", Kind = "ReplicaSet", Name = call.Set.Metadata.Name, Uid = call.Set.Metadata.Uid, Controller = true,
                }))),
            },
            ["immutable"] = true,
        };
        foreach (var part in (string[])["data", "binaryData"])
        {
            if (source[part] is { } there)
                copy[part] = there.DeepClone();
        }

        return copy;
    }
}
