using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace MeshCanary.Controller.Api;

/// <summary>Runs and their verdict records.</summary>
internal static class RunEndpoints
{
    /// <summary>Adds the routes.</summary>
    public static void Map(IEndpointRouteBuilder api, ApiParts parts)
    {
        api.MapGet("/canaries/{ns}/{name}/runs", (string ns, string name) =>
            parts.Canaries.Find($"{ns}/{name}") is { } canary ? Answers.Of(parts.Runs.Of(canary.Worker.Key)) : Answers.NoCanary(ns, name));
        api.MapGet("/canaries/{ns}/{name}/runs/{run}/record", (string ns, string name, string run) => Record(parts, ns, name, run));
    }

    private static IResult Record(ApiParts parts, string ns, string name, string run)
    {
        if (parts.Canaries.Find($"{ns}/{name}") is not { } canary)
            return Answers.NoCanary(ns, name);
        return parts.Runs.Find(canary.Worker.Key, run) is { } record
            ? Answers.Of(record)
            : Answers.Problem(StatusCodes.Status404NotFound, "No such run", $"No run {run} of {ns}/{name} is kept. GET /api/v1/canaries/{ns}/{name}/runs lists those there are.");
    }
}
