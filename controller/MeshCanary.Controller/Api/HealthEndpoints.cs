using System.Collections.Immutable;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace MeshCanary.Controller.Api;

/// <summary>Health for whatever runs the controller.</summary>
internal static class HealthEndpoints
{
    /// <summary>Adds the routes.</summary>
    public static void Map(IEndpointRouteBuilder root, ApiParts parts)
    {
        // A restart mends neither a full disk nor a Canary that cannot be reconciled: alive, and says what is wrong.
        root.MapGet("/healthz", () => Answers.Of(View(parts)));
        root.MapGet("/readyz", () => Answers.Of(View(parts), parts.Database.Problem is null ? StatusCodes.Status200OK : StatusCodes.Status503ServiceUnavailable));
    }

    private static HealthView View(ApiParts parts)
    {
        // A store that cannot be written is every Canary's problem: once is enough.
        var store = parts.Database.Problem;
        ImmutableArray<string> problems =
        [
            .. new[] { store }.OfType<string>(),
            .. parts.Canaries.All.Where(canary => canary.Worker.Problem is { } problem && problem != store).Select(canary => $"{canary.Worker.Key}: {canary.Worker.Problem}"),
        ];
        return new HealthView(problems.IsEmpty ? "ok" : "degraded", problems);
    }
}
