using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;
using MeshCanary.Machinery.Calling;
using MeshCanary.Machinery.Discovering;
using MeshCanary.Machinery.Resources;

namespace MeshCanary.Machinery.Events;

/// <summary>Writes series as Event objects, of the newer API where it is served and of the core where not.</summary>
internal sealed class EventWriter(ClusterAccess cluster, EventOptions options)
{
    private const int LongestNote = 1024;

    /// <summary>Makes the object of a series, or counts on in the one that was made.</summary>
    public async Task WriteAsync(EventSeries series, CancellationToken cancellation)
    {
        var type = await cluster.Discovery.FindAsync(ResourceChoice.Events, cancellation) ?? ResourceChoice.Events.Candidates[^1];
        // An object without a namespace has its events in this one, by convention.
        var space = string.IsNullOrEmpty(series.Event.Regarding.NamespaceProperty) ? "default" : series.Event.Regarding.NamespaceProperty;
        if (series.Written is { } name)
        {
            try
            {
                await SendAsync(Request("patch", HttpMethod.Patch, type, space, name) with { ContentType = "application/merge-patch+json", Body = Progress(series, type) }, cancellation);
                return;
            }
            catch (ApiException error) when (error.Kind == ApiErrorKind.NotFound)
            {
                // Servers forget events after an hour or so. It begins anew, with its count.
            }
        }

        name = $"{Shorten(series.Event.Regarding.Name ?? "", 200)}.{Guid.NewGuid().ToString("N", CultureInfo.InvariantCulture)[..16]}";
        await SendAsync(Request("create", HttpMethod.Post, type, space, null) with { Body = Whole(series, type, space, name) }, cancellation);
        series.Written = name;
    }

    private async Task SendAsync(ApiRequest request, CancellationToken cancellation)
    {
        using var answer = await cluster.Api.ReadAsync(request, cancellation);
    }

    private static ApiRequest Request(string verb, HttpMethod method, ResourceType type, string space, string? name) => new(verb, method, type.Path(space, name))
    {
        Type = type,
        Target = $"{space}/{name}",
        Timeout = TimeSpan.FromSeconds(10),
        // A repetition that is written twice sets the same count; an event that is made twice is refused by its name.
        IsIdempotent = true,
    };

    private static string Progress(EventSeries series, ResourceType type)
    {
        var json = new JsonObject { ["series"] = Series(series) };
        if (type.Group.Length == 0)
            (json["count"], json["lastTimestamp"]) = (series.Count, Seconds(series.Last));
        return json.ToJsonString();
    }

    private string Whole(EventSeries series, ResourceType type, string space, string name)
    {
        var core = type.Group.Length == 0;
        var json = new JsonObject
        {
            ["apiVersion"] = type.ApiVersion,
            ["kind"] = type.Kind,
            ["metadata"] = new JsonObject { ["name"] = name, ["namespace"] = space },
            ["eventTime"] = MicroTime.Format(series.First),
            ["type"] = series.Event.IsWarning ? "Warning" : "Normal",
            ["reason"] = series.Event.Reason,
            ["action"] = series.Event.Action,
            [core ? "message" : "note"] = Shorten(series.Note, LongestNote),
            [core ? "involvedObject" : "regarding"] = JsonNode.Parse(ObjectJson.Encode(series.Event.Regarding)),
            [core ? "reportingComponent" : "reportingController"] = options.Component,
            ["reportingInstance"] = Shorten(options.Instance, 128),
        };
        if (core)
        {
            // What kubectl of old shows.
            json["source"] = new JsonObject { ["component"] = options.Component };
            (json["firstTimestamp"], json["lastTimestamp"], json["count"]) = (Seconds(series.First), Seconds(series.Last), series.Count);
        }

        if (series.Count > 1)
            json["series"] = Series(series);
        return json.ToJsonString();
    }

    private static JsonObject Series(EventSeries series) => new()
    {
        ["count"] = Math.Max(series.Count, 2),
        ["lastObservedTime"] = MicroTime.Format(series.Last),
    };

    private static string Seconds(DateTimeOffset time) => time.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture);

    // Cuts at a character, not within one.
    private static string Shorten(string text, int bytes)
    {
        if (Encoding.UTF8.GetByteCount(text) <= bytes)
            return text;
        var kept = new StringBuilder();
        var left = bytes - 3;
        foreach (var rune in text.EnumerateRunes())
        {
            left -= rune.Utf8SequenceLength;
            if (left < 0)
                break;
            kept.Append(rune);
        }

        return kept.Append('…').ToString();
    }
}
