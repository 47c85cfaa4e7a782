using System.Collections.Immutable;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace MeshCanary.Controller.Api;

/// <summary>Canaries and proxies as they are, and as they change.</summary>
internal static class CanaryEndpoints
{
    /// <summary>Adds the routes.</summary>
    public static void Map(IEndpointRouteBuilder api, ApiParts parts)
    {
        api.MapGet("/canaries", () => Answers.Of(parts.Canaries.All.Select(canary => canary.Feed.View).OfType<CanaryView>().ToList()));
        api.MapGet("/canaries/{ns}/{name}", (string ns, string name) =>
            parts.Canaries.Find($"{ns}/{name}")?.Feed.View is { } view ? Answers.Of(view) : Answers.NoCanary(ns, name));
        api.MapGet("/canaries/{ns}/{name}/stream", (string ns, string name, HttpContext http) => Stream(parts, ns, name, http));
        api.MapGet("/proxies", () => Answers.Of(parts.Proxies.Rooms.SelectMany(room => room.Registry.Views).ToImmutableArray()));
    }

    private static IResult Stream(ApiParts parts, string ns, string name, HttpContext http)
    {
        if (parts.Canaries.Find($"{ns}/{name}") is not { } canary)
            return Answers.NoCanary(ns, name);
        var seen = StreamPosition.Read(http) ?? 0;
        return new EventStreamResult(canary.Feed.Changed, parts.Time, () =>
        {
            if (canary.Feed.View is not { } view || view.Version <= seen)
                return [];
            seen = view.Version;
            return [StreamItem.Of(view.Version, view)];
        });
    }
}
