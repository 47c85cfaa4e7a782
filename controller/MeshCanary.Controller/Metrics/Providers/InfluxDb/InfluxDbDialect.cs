using System.Collections.Immutable;
using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using MeshCanary.Controller.Metrics.Providers.Http;
using MeshCanary.Controller.Metrics.Providers.Reading;
using MeshCanary.Rollouts.Specs;

namespace MeshCanary.Controller.Metrics.Providers.InfluxDb;

/// <summary>InfluxDB: Flux by <c>/api/v2/query</c>, InfluxQL by <c>/query</c>, SQL by <c>/api/v3/query_sql</c>.</summary>
internal sealed class InfluxDbDialect : IProviderDialect
{
    /// <inheritdoc/>
    public string Type => MetricProviderTypes.InfluxDb;

    /// <inheritdoc/>
    public ProviderRequest Ask(MetricQuestion question)
    {
        var asked = question.Provider.InfluxDb!;
        var request = asked.Language switch
        {
            InfluxLanguage.Flux => new ProviderRequest(HttpMethod.Post, Addresses.Below(question, "/api/v2/query", ("org", asked.Organization)))
            {
                Accept = "application/csv",
                Body = new JsonObject
                {
                    ["query"] = question.Query,
                    ["type"] = "flux",
                    ["dialect"] = new JsonObject { ["header"] = true, ["annotations"] = new JsonArray("datatype", "group", "default"), ["dateTimeFormat"] = "RFC3339" },
                }.ToJsonString(),
            },
            InfluxLanguage.InfluxQl => new ProviderRequest(HttpMethod.Get, Addresses.Below(question, "/query", ("db", asked.Database), ("q", question.Query), ("epoch", "ms"))),
            _ => new ProviderRequest(HttpMethod.Post, Addresses.Below(question, "/api/v3/query_sql"))
            {
                Body = new JsonObject { ["db"] = asked.Database, ["q"] = question.Query, ["format"] = "json" }.ToJsonString(),
            },
        };
        return request with { Headers = Credentials(question, asked.Language) };
    }

    /// <inheritdoc/>
    public MetricAnswer Read(MetricQuestion question, ProviderReply reply) => SeriesReading.Answer(question, question.Provider.InfluxDb!.Language switch
    {
        InfluxLanguage.Flux => AnnotatedCsv.Read(Encoding.UTF8.GetString(reply.Body.Span)),
        InfluxLanguage.InfluxQl => Statements(ReplyJson.Parse(reply)),
        _ => new RowReading(null, "", ["time"], Time).Series(ReplyJson.Parse(reply).At(JsonValueKind.Array)),
    });

    // Up to version 2 the word is Token; version 3 knows Bearer alone.
    private static ImmutableArray<KeyValuePair<string, string>> Credentials(MetricQuestion question, InfluxLanguage language) =>
        language != InfluxLanguage.Sql && question.Credentials.ContainsKey(CredentialKeys.Token)
            ? [new("Authorization", $"Token {HttpCredentials.Required(question, CredentialKeys.Token)}"), .. HttpCredentials.Named(question)]
            : HttpCredentials.Usual(question);

    private static List<MetricSeries> Statements(JsonElement json)
    {
        var series = new List<MetricSeries>();
        foreach (var result in json.At(JsonValueKind.Array, "results").EnumerateArray())
        {
            if (result.Text("error") is { Length: > 0 } error)
                throw NoAnswerException.Of(FaultKind.BadQuery, $"InfluxDB does not take the query: {error}");
            if (result.Find("partial") is { ValueKind: JsonValueKind.True })
                throw NoAnswerException.Shape("InfluxDB gives a part of the answer only. Make the query select and aggregate more");
            if (result.Find("series") is { ValueKind: JsonValueKind.Array } found)
                series.AddRange(found.EnumerateArray().SelectMany(Columns));
        }

        return series;
    }

    /// <summary>A series for each column but the time.</summary>
    private static IEnumerable<MetricSeries> Columns(JsonElement series)
    {
        if (series.Find("partial") is { ValueKind: JsonValueKind.True })
            throw NoAnswerException.Shape("InfluxDB gives a part of a series only. Make the query select and aggregate more");
        var columns = series.At(JsonValueKind.Array, "columns").EnumerateArray().Select(column => column.ToString()).ToList();
        var rows = series.Find("values") is { ValueKind: JsonValueKind.Array } values ? values.EnumerateArray().ToList() : [];
        if (rows.Exists(row => row.ValueKind != JsonValueKind.Array || row.GetArrayLength() != columns.Count))
            throw NoAnswerException.Shape("a row of the answer has not the columns that it names, as InfluxDB documents");
        var time = columns.IndexOf("time");
        var labels = series.Find("tags").Labels();
        for (var column = 0; column < columns.Count; column++)
        {
            if (column == time)
                continue;
            var at = column;
            // Without a time in it, a row of an aggregate carries the start of the query, or 1970.
            yield return new MetricSeries(
                columns.Count > (time < 0 ? 1 : 2) ? labels.SetItem("column", columns[column]) : labels,
                [.. rows.Select(row => new MetricPoint(rows.Count > 1 && time >= 0 ? row[time].Number("time")?.Milliseconds() : null, row[at].Number(columns[at])))]);
        }
    }

    // Its times are of UTC and say so or not.
    private static DateTimeOffset? Time(JsonElement row) =>
        DateTimeOffset.TryParse(row.Text("time"), CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal, out var at) ? at : null;
}
