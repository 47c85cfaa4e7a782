using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace MeshCanary.Controller.Api;

/// <summary>The decision log.</summary>
internal static class EventEndpoints
{
    // A client that wants more asks again after the last one.
    private const int Page = 1000;

    /// <summary>Adds the routes.</summary>
    public static void Map(IEndpointRouteBuilder api, ApiParts parts)
    {
        api.MapGet("/canaries/{ns}/{name}/events", (string ns, string name, HttpContext http) =>
            parts.Canaries.Find($"{ns}/{name}") is { } canary
                ? Answers.Of(parts.Events.After(canary.Worker.Key, StreamPosition.Read(http) ?? 0, Page))
                : Answers.NoCanary(ns, name));
        api.MapGet("/canaries/{ns}/{name}/events/stream", (string ns, string name, HttpContext http) => Stream(parts, ns, name, http));
    }

    private static IResult Stream(ApiParts parts, string ns, string name, HttpContext http)
    {
        if (parts.Canaries.Find($"{ns}/{name}") is not { } canary)
            return Answers.NoCanary(ns, name);
        var last = StreamPosition.Read(http) ?? 0;
        return new EventStreamResult(canary.Feed.Changed, parts.Time, () =>
        {
            var items = new List<StreamItem>();
            while (parts.Events.After(canary.Worker.Key, last, Page) is { Count: > 0 } fresh)
            {
                items.AddRange(fresh.Select(entry => StreamItem.Of(entry.Id, entry)));
                last = fresh[^1].Id;
            }

            return items;
        });
    }
}
