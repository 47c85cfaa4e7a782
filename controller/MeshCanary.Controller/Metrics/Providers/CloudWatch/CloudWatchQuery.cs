using System.Text.Json;
using System.Text.Json.Nodes;
using MeshCanary.Controller.Metrics.Providers.Http;

namespace MeshCanary.Controller.Metrics.Providers.CloudWatch;

/// <summary>Reads a query: a list of <c>MetricDataQuery</c> in JSON as in Amazon's documentation, or an expression.</summary>
internal static class CloudWatchQuery
{
    /// <summary>The queries, and the time in whole periods that they are about.</summary>
    /// <exception cref="NoAnswerException">The text is no list, or the time is shorter than a period.</exception>
    public static (JsonArray Queries, (DateTimeOffset From, DateTimeOffset To) Span) Read(MetricQuestion question)
    {
        var queries = Queries(question);
        var period = TimeSpan.FromSeconds(queries.Select(Period).DefaultIfEmpty(60).Max());
        // CloudWatch rounds the start down by itself, to what would be the last period of the window before.
        var (from, to) = (Floor(question.From, period), Floor(question.To, period));
        return from < to
            ? (queries, (from, to))
            : throw NoAnswerException.Of(FaultKind.BadQuery, $"no whole period of {period.TotalSeconds:0} s ends between {question.From:u} and {question.To:u}. Raise the interval, or ask for shorter periods");
    }

    private static JsonArray Queries(MetricQuestion question)
    {
        if (!question.Query.TrimStart().StartsWith('['))
            return [new JsonObject { ["Id"] = "q1", ["Expression"] = question.Query.Trim(), ["Period"] = (int)question.Provider.CloudWatch!.Period.TotalSeconds }];
        try
        {
            if (JsonNode.Parse(question.Query) is JsonArray { Count: > 0 } list && list.All(query => query is JsonObject))
                return list;
        }
        catch (JsonException malformed)
        {
            throw NoAnswerException.Of(FaultKind.BadQuery, $"the query begins with [ and is no JSON: {malformed.Message}");
        }

        throw NoAnswerException.Of(FaultKind.BadQuery, "the query is no list of MetricDataQuery objects. Write it as in Amazon's documentation of GetMetricData, or write an expression");
    }

    private static long Period(JsonNode? query) => (query?["MetricStat"]?["Period"] ?? query?["Period"]) is JsonValue value && value.TryGetValue<long>(out var seconds) && seconds is > 0 and <= 86400 ? seconds : 60;

    private static DateTimeOffset Floor(DateTimeOffset time, TimeSpan period) => new(time.UtcTicks - (time.UtcTicks % period.Ticks), TimeSpan.Zero);
}
