using System.Collections.Immutable;
using System.Text.Json;
using MeshCanary.Controller.Metrics.Providers.Http;
using MeshCanary.Controller.Metrics.Providers.Reading;
using MeshCanary.Rollouts.Specs;

namespace MeshCanary.Controller.Metrics.Providers.Datadog;

/// <summary>Datadog: <c>GET /api/v1/query</c>, which takes a query as it stands in a dashboard.</summary>
internal sealed class DatadogDialect : IProviderDialect
{
    /// <inheritdoc/>
    public string Type => MetricProviderTypes.Datadog;

    /// <inheritdoc/>
    public ProviderRequest Ask(MetricQuestion question) => new(
        HttpMethod.Get,
        Addresses.Below(question, "/api/v1/query", ("from", Addresses.Seconds(question.From)), ("to", Addresses.Seconds(question.To)), ("query", question.Query)))
    {
        Headers =
        [
            new("DD-API-KEY", HttpCredentials.Required(question, CredentialKeys.ApiKey)),
            new("DD-APPLICATION-KEY", HttpCredentials.Required(question, CredentialKeys.ApplicationKey)),
        ],
    };

    /// <inheritdoc/>
    public MetricAnswer Read(MetricQuestion question, ProviderReply reply)
    {
        var json = ReplyJson.Parse(reply);
        // Also with status 200.
        if (json.Text("status") != "ok" || json.Text("error").Length > 0)
            throw NoAnswerException.Of(FaultKind.BadQuery, $"Datadog does not take the query: {(json.Text("error") is { Length: > 0 } error ? error : $"status '{json.Text("status")}'")}");
        return SeriesReading.Answer(question, [.. json.At(JsonValueKind.Array, "series").EnumerateArray().Select(Series)]);
    }

    private static MetricSeries Series(JsonElement series)
    {
        var labels = ImmutableDictionary<string, string>.Empty;
        if (series.Text("scope") is { Length: > 0 } scope && scope != "*")
            labels = labels.SetItem("scope", scope);
        foreach (var tag in series.Find("tag_set") is { ValueKind: JsonValueKind.Array } tags ? tags.EnumerateArray() : default)
        {
            if (tag.ValueKind == JsonValueKind.String && tag.GetString()!.Split(':', 2) is [var name, var value])
                labels = labels.SetItem(name, value);
        }

        return new MetricSeries(labels, [.. series.At(JsonValueKind.Array, "pointlist").EnumerateArray().Select(Point)]);
    }

    private static MetricPoint Point(JsonElement point) =>
        point.ValueKind == JsonValueKind.Array && point.GetArrayLength() == 2 && point[0].Number("the time of a point") is { } at
            ? new MetricPoint(at.Milliseconds(), point[1].Number("a point"))
            : throw NoAnswerException.Shape("a point of the answer is no pair of time and number, as Datadog documents");
}
