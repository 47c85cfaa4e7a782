using System.Text.Json;
using System.Text.Json.Nodes;
using MeshCanary.Controller.Workloads.Checking;
using MeshCanary.Controller.Workloads.InPlace.Identity;
using MeshCanary.Machinery;
using MeshCanary.Machinery.Calling;
using MeshCanary.Machinery.Resources;

namespace MeshCanary.Controller.Workloads.InPlace.Driving;

/// <summary>Asks the API server whether copies may be made. Thread-safe.</summary>
internal sealed class CopyRights(ClusterAccess cluster)
{
    /// <summary>What to do where they may not.</summary>
    public const string Hint =
        "spec.workload.configSnapshots: the controller may not write copies of ConfigMaps and Secrets in this namespace. Install the chart with rbac.configSnapshots=true, or leave configSnapshots out of the Canary.";

    private static readonly ResourceType Reviews = new("authorization.k8s.io", "v1", "selfsubjectaccessreviews", "SelfSubjectAccessReview", IsNamespaced: false);

    /// <summary>What keeps a Canary that asks for copies from being adopted; null when nothing does.</summary>
    /// <exception cref="ApiException">It could not be asked.</exception>
    public async Task<AdoptionProblem?> ProblemAsync(string space, CancellationToken cancellation)
    {
        foreach (var reference in (ConfigReference[])[new(ConfigReference.ConfigMap, ""), new(ConfigReference.Secret, "")])
        {
            if (!await MayCreateAsync(space, ConfigStore.TypeOf(reference), cancellation))
                return new AdoptionProblem("CopiesForbidden", Hint);
        }

        return null;
    }

    private async Task<bool> MayCreateAsync(string space, ResourceType type, CancellationToken cancellation)
    {
        var body = new JsonObject
        {
            ["apiVersion"] = Reviews.ApiVersion,
            ["kind"] = Reviews.Kind,
            ["spec"] = new JsonObject { ["resourceAttributes"] = new JsonObject { ["namespace"] = space, ["verb"] = "create", ["resource"] = type.Plural } },
        };
        // It changes nothing.
        var request = new ApiRequest("create", HttpMethod.Post, Reviews.Path()) { Type = Reviews, Target = $"create {type.Plural} in {space}", Body = body.ToJsonString(), IsIdempotent = true };
        using var answer = await cluster.Api.ReadAsync(request, cancellation);
        return answer.RootElement.TryGetProperty("status", out var status) && status.TryGetProperty("allowed", out var allowed) && allowed.ValueKind == JsonValueKind.True;
    }
}
