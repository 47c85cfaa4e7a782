using System.Text.Json;
using MeshCanary.Controller.Metrics.Providers.Http;
using MeshCanary.Controller.Metrics.Providers.Reading;
using MeshCanary.Rollouts.Specs;

namespace MeshCanary.Controller.Metrics.Providers.Graphite;

/// <summary>Graphite, and what speaks its render API: <c>POST /render</c>, since targets may be longer than an address.</summary>
internal sealed class GraphiteDialect : IProviderDialect
{
    /// <inheritdoc/>
    public string Type => MetricProviderTypes.Graphite;

    /// <inheritdoc/>
    public ProviderRequest Ask(MetricQuestion question) => new(HttpMethod.Post, Addresses.Below(question, "/render"))
    {
        // It gives what is after the first time, up to the second; a point's time is when it begins.
        Body = Addresses.Form(("target", question.Query), ("from", Addresses.Seconds(question.From.AddSeconds(-1))), ("until", Addresses.Seconds(question.To.AddTicks(-1))), ("format", "json")),
        ContentType = "application/x-www-form-urlencoded",
        Headers = HttpCredentials.Usual(question),
    };

    /// <inheritdoc/>
    public MetricAnswer Read(MetricQuestion question, ProviderReply reply)
    {
        var json = ReplyJson.Parse(reply);
        return SeriesReading.Answer(question, [.. json.At(JsonValueKind.Array).EnumerateArray().Select(Series)]);
    }

    private static MetricSeries Series(JsonElement series)
    {
        var labels = series.Find("tags").Labels();
        if (series.Text("target") is { Length: > 0 } target)
            labels = labels.SetItem("target", target);
        return new MetricSeries(labels, [.. series.At(JsonValueKind.Array, "datapoints").EnumerateArray().Select(Point)]);
    }

    private static MetricPoint Point(JsonElement point) =>
        point.ValueKind == JsonValueKind.Array && point.GetArrayLength() == 2 && point[1].Number("the time of a point") is { } at
            ? new MetricPoint((at * 1000).Milliseconds(), point[0].Number("a point"))
            : throw NoAnswerException.Shape("a point of the answer is no pair of number and time, as Graphite documents");
}
