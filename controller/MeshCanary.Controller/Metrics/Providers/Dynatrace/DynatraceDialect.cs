using System.Text.Json;
using MeshCanary.Controller.Metrics.Providers.Http;
using MeshCanary.Controller.Metrics.Providers.Reading;
using MeshCanary.Rollouts.Specs;

namespace MeshCanary.Controller.Metrics.Providers.Dynatrace;

/// <summary>Dynatrace: <c>GET /api/v2/metrics/query</c> with the resolution <c>Inf</c>, which is one number for the whole time.</summary>
internal sealed class DynatraceDialect : IProviderDialect
{
    /// <inheritdoc/>
    public string Type => MetricProviderTypes.Dynatrace;

    /// <inheritdoc/>
    public ProviderRequest Ask(MetricQuestion question) => new(
        HttpMethod.Get,
        Addresses.Below(
            question,
            "/api/v2/metrics/query",
            ("metricSelector", question.Query),
            ("from", Addresses.Milliseconds(question.From)),
            ("to", Addresses.Milliseconds(question.To)),
            ("resolution", "Inf"),
            ("pageSize", "1000")))
    {
        Headers = [new("Authorization", $"Api-Token {HttpCredentials.Required(question, CredentialKeys.Token)}")],
    };

    /// <inheritdoc/>
    public MetricAnswer Read(MetricQuestion question, ProviderReply reply)
    {
        var json = ReplyJson.Parse(reply);
        if (json.Text("nextPageKey").Length > 0)
            throw NoAnswerException.Shape("Dynatrace gives the answer in several pages, and a part of it is no answer. Aggregate in the selector, with :splitBy() for example");
        var series = new List<MetricSeries>();
        foreach (var metric in json.At(JsonValueKind.Array, "result").EnumerateArray())
        {
            // Beyond the limit some dimensions are left out without a word.
            if (metric.Find("dimensionCountRatio") is { ValueKind: JsonValueKind.Number } ratio && ratio.GetDouble() > 1)
                throw NoAnswerException.Shape($"Dynatrace left dimensions of {metric.Text("metricId")} out, since there are too many. Filter or aggregate in the selector");
            series.AddRange(metric.At(JsonValueKind.Array, "data").EnumerateArray().Select(data => Series(metric.Text("metricId"), data)));
        }

        return SeriesReading.Answer(question, series);
    }

    private static MetricSeries Series(string metric, JsonElement data)
    {
        var labels = data.Find("dimensionMap").Labels();
        if (metric.Length > 0)
            labels = labels.SetItem("metric", metric);
        // Of one number for all of the time the provider's time says no more, and is the end of it.
        return new MetricSeries(labels, [.. data.At(JsonValueKind.Array, "values").EnumerateArray().Select(value => new MetricPoint(null, value.Number("a value")))]);
    }
}
